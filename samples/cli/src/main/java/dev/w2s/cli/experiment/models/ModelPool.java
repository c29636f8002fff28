// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.models;

import dev.w2s.cli.experiment.plan.ModelPlan;
import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.ModelSummary;
import dev.w2s.model.Placement;
import dev.w2s.model.SequenceClassifier;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** All models in this process, each loaded once, and freed with this. */
public final class ModelPool implements ModelSource, AutoCloseable {

  /**
   * What makes two models the same.
   *
   * @param base directory of the weights, of an adapter its base's
   */
  private record Key(Path directory, Path base, Placement placement, Class<?> kind) {}

  private final Map<Key, AutoCloseable> models = new HashMap<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Set<String> titles = new LinkedHashSet<>();

  /** The language model of a plan. */
  public CausalModel languageModel(ModelPlan plan) {
    try (ModelFiles files = ModelFiles.read(plan.model().resolved())) {
      return languageModel(files, plan.placement());
    }
  }

  /** The classifier of a reference. */
  public SequenceClassifier classifier(String reference, Placement placement) {
    try (ModelFiles files = ModelFiles.read(reference)) {
      return classifier(files, placement);
    }
  }

  @Override
  public CausalModel languageModel(ModelFiles files, Placement placement) {
    ModelFiles whole = files.base();
    CausalModel base =
        held(whole, placement, CausalModel.class, () -> CausalModel.load(whole, placement));
    CausalModel model =
        whole == files
            ? base
            : held(files, placement, CausalModel.class, () -> base.sharing(files));
    return told(model, model.summary());
  }

  @Override
  public SequenceClassifier classifier(ModelFiles files, Placement placement) {
    SequenceClassifier model =
        held(
            files,
            placement,
            SequenceClassifier.class,
            () -> SequenceClassifier.load(files, placement));
    return told(model, model.summary());
  }

  private <M extends AutoCloseable> M held(
      ModelFiles files, Placement placement, Class<M> kind, Supplier<M> load) {
    Key key = new Key(files.directory(), files.base().directory(), placement, kind);
    AutoCloseable model = models.get(key);
    if (model == null) {
      model = owned(load.get());
      models.put(key, model);
    }
    return kind.cast(model);
  }

  private <M> M told(M model, ModelSummary summary) {
    titles.add(
        "%s (%s, %d parameters): %s on %s"
            .formatted(
                summary.reference(),
                summary.family(),
                summary.parameters(),
                summary.type(),
                summary.device()));
    return model;
  }

  /** Hands over what is to be closed with the pool, the last one first. */
  public <C extends AutoCloseable> C owned(C resource) {
    opened.push(resource);
    return resource;
  }

  /** What was loaded, for the report. */
  public List<String> titles() {
    return List.copyOf(titles);
  }

  /** Closes all, whatever one of them throws. */
  @Override
  public void close() {
    if (opened.isEmpty()) {
      return;
    }
    try {
      opened.pop().close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      close();
    }
  }
}
