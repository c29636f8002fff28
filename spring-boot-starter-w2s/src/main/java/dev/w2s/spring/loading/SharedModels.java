// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.ModelSummary;
import dev.w2s.model.Placement;
import dev.w2s.model.SequenceClassifier;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models that are loaded in this process, each counted by those that use it: whoever asks for
 * the same files on the same device in the same type gets the same weights, and the last to give a
 * model back frees them. Safe for use by several threads.
 */
final class SharedModels {

  /**
   * The one static that changes. Native memory is the process's, and contexts that are alive at
   * once (parent and child, tests, an application restarted by its tools) know nothing of each
   * other: what they share has to be outside of all of them.
   */
  static final SharedModels PROCESS = new SharedModels();

  /**
   * What makes two models the same.
   *
   * @param directory behind all links
   * @param base the same of the weights: of an adapter its base's, else the directory again
   * @param device as the engine has resolved it
   * @param type of the weights in memory
   * @param kind the class of the model
   */
  private record Key(Path directory, Path base, String device, Object type, Class<?> kind) {}

  /** Guarded by the map, but for the model, which is guarded by the entry itself. */
  private static final class Entry {
    private int users;
    private @Nullable AutoCloseable model;
  }

  private final Map<Key, Entry> entries = new HashMap<>();

  /** A share of one user, empty at first. */
  Share share() {
    return new Share();
  }

  private <M extends AutoCloseable> M acquire(Key key, Class<M> kind, Supplier<M> load) {
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, unknown -> new Entry());
      entry.users++;
    }
    try {
      synchronized (entry) {
        if (entry.model == null) {
          entry.model = load.get();
        }
        return kind.cast(entry.model);
      }
    } catch (RuntimeException | Error e) {
      release(key);
      throw e;
    }
  }

  private void release(Key key) {
    AutoCloseable unused = null;
    synchronized (entries) {
      Entry entry = entries.get(key);
      if (entry != null && --entry.users == 0) {
        entries.remove(key);
        unused = entry.model;
      }
    }
    if (unused != null) {
      try {
        unused.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What one user has been given, to be given back at once. */
  final class Share implements ModelSource, AutoCloseable {
    private final Deque<Key> held = new ArrayDeque<>();
    private final List<ModelSummary> summaries = new ArrayList<>();

    private Share() {}

    /** An adapter is held together with its base, whose weights it goes over. */
    @Override
    public CausalModel languageModel(ModelFiles files, Placement placement) {
      ModelFiles whole = files.base();
      CausalModel base =
          hold(whole, placement, CausalModel.class, () -> CausalModel.load(whole, placement));
      CausalModel model =
          whole == files
              ? base
              : hold(files, placement, CausalModel.class, () -> base.sharing(files));
      return told(model, CausalModel::summary);
    }

    @Override
    public SequenceClassifier classifier(ModelFiles files, Placement placement) {
      return told(
          hold(
              files,
              placement,
              SequenceClassifier.class,
              () -> SequenceClassifier.load(files, placement)),
          SequenceClassifier::summary);
    }

    private <M extends AutoCloseable> M hold(
        ModelFiles files, Placement placement, Class<M> kind, Supplier<M> load) {
      ModelSummary wanted = files.summary(placement);
      Path base = files.base().directory();
      Key key = new Key(files.directory(), base, wanted.device(), wanted.type(), kind);
      M model = acquire(key, kind, load);
      synchronized (held) {
        held.push(key);
      }
      return model;
    }

    private <M> M told(M model, Function<M, ModelSummary> summary) {
      synchronized (held) {
        summaries.add(summary.apply(model));
      }
      return model;
    }

    /** What the models are. */
    List<ModelSummary> summaries() {
      synchronized (held) {
        return List.copyOf(summaries);
      }
    }

    /** Gives all back; a second time there is nothing left. */
    @Override
    public void close() {
      synchronized (held) {
        summaries.clear();
        releaseAll();
      }
    }

    /** Whatever one of them throws. */
    private void releaseAll() {
      if (!held.isEmpty()) {
        try {
          release(held.pop());
        } finally {
          releaseAll();
        }
      }
    }
  }
}
