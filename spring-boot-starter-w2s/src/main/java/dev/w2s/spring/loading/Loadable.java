// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import dev.w2s.model.ModelSource;
import dev.w2s.model.ModelSummary;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that a property names and that is loaded once.
 *
 * @param <T> what it is then
 */
public final class Loadable<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Loadable.class);

  /** What became of it. */
  public enum State {
    /** Nobody has asked for it. */
    NOT_LOADED,
    /** It is being loaded. */
    LOADING,
    /** It is there. */
    READY,
    /** It could not be loaded, and will not be. */
    FAILED,
    /** It was given back. */
    CLOSED
  }

  private final String property;
  private final Function<ModelSource, ? extends T> open;
  private final Consumer<? super T> close;
  private final SharedModels.Share models;
  private final CountDownLatch settled = new CountDownLatch(1);
  private State state = State.NOT_LOADED;
  private @Nullable T value;
  private @Nullable Throwable failure;

  /**
   * Loads nothing yet.
   *
   * @param open makes it of models that are not its own
   * @param close frees what else it holds
   */
  Loadable(String property, Function<ModelSource, ? extends T> open, Consumer<? super T> close) {
    this.property = property;
    this.open = open;
    this.close = close;
    models = SharedModels.PROCESS.share();
  }

  /** What it is configured by, without the last part. */
  public String property() {
    return property;
  }

  /** What became of it so far. */
  public synchronized State state() {
    return state;
  }

  /** Why it could not be loaded; null if it was, or was not yet. */
  public synchronized @Nullable Throwable failure() {
    return failure;
  }

  /** What its models in this process are; none before it is ready. */
  public List<ModelSummary> models() {
    return models.summaries();
  }

  private synchronized boolean begin() {
    boolean first = state == State.NOT_LOADED;
    if (first) {
      state = State.LOADING;
    }
    return first;
  }

  /** Loads it on this thread, unless that was done before. What fails is kept and logged. */
  void load() {
    if (!begin()) {
      return;
    }
    try {
      T opened = open.apply(models);
      if (!ready(opened)) {
        free(opened);
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      settled.countDown();
    }
  }

  private synchronized boolean ready(T opened) {
    if (state == State.CLOSED) {
      return false;
    }
    value = opened;
    state = State.READY;
    LOG.info("{} is loaded", property);
    return true;
  }

  private void failed(Throwable thrown) {
    models.close();
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.FAILED;
      failure = thrown;
    }
    LOG.error("{} cannot be loaded: {}", property, thrown.getMessage(), thrown);
  }

  /**
   * What it is, if it is there.
   *
   * @throws NotReadyException if it is not
   */
  synchronized T get() {
    T ready = value;
    if (ready != null) {
      return ready;
    }
    throw switch (state) {
      case FAILED ->
          new NotReadyException(
              property,
              property + " cannot be loaded: " + (failure == null ? "" : failure.getMessage()),
              failure);
      case CLOSED -> new NotReadyException(property, property + " is closed", null);
      default -> new NotReadyException(property, property + " is not loaded yet", null);
    };
  }

  /**
   * What it is, when it is there.
   *
   * @throws NotReadyException if it is not by then
   */
  T await(Duration most) {
    try {
      if (!settled.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new NotReadyException(
            property, property + " is not loaded after " + most.toMillis() + " ms", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotReadyException(property, "interrupted while waiting for " + property, e);
    }
    return get();
  }

  /** Gives back what it holds; what is being loaded is given back as soon as it is there. */
  void close() {
    T held;
    synchronized (this) {
      if (state == State.LOADING || state == State.CLOSED) {
        state = State.CLOSED;
        return;
      }
      state = State.CLOSED;
      held = value;
      value = null;
    }
    settled.countDown();
    free(held);
  }

  private void free(@Nullable T held) {
    try {
      if (held != null) {
        close.accept(held);
      }
    } catch (RuntimeException e) {
      LOG.warn("{} cannot be closed", property, e);
    } finally {
      models.close();
    }
  }
}
