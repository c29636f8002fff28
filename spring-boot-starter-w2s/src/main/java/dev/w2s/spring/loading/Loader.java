// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import dev.w2s.spring.properties.LoadingProperties;
import dev.w2s.spring.properties.LoadingProperties.Mode;
import dev.w2s.spring.properties.LoadingProperties.UntilReady;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Loads all that is to be loaded, when it is to be: one after the other, on one thread, since
 * libtorch has all cores for each.
 */
public final class Loader
    implements SmartInitializingSingleton,
        ApplicationListener<ContextRefreshedEvent>,
        DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

  private final LoadingProperties properties;
  private final List<Loadable<?>> all;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile @Nullable Thread thread;

  /**
   * Loads nothing yet.
   *
   * @param all in the order in which they are loaded
   */
  public Loader(LoadingProperties properties, List<Loadable<?>> all) {
    this.properties = properties;
    this.all = List.copyOf(all);
  }

  /** All that it loads. */
  public List<Loadable<?>> all() {
    return all;
  }

  /**
   * Loads all on this thread if that is wanted.
   *
   * @throws NotReadyException if something cannot be loaded
   */
  @Override
  public void afterSingletonsInstantiated() {
    if (properties.mode() == Mode.EAGER) {
      started.set(true);
      all.forEach(Loadable::load);
      all.forEach(Loadable::get);
    }
  }

  /** The application has started: what is loaded in the background is loaded now. */
  @Override
  public void onApplicationEvent(ContextRefreshedEvent event) {
    if (properties.mode() == Mode.BACKGROUND) {
      start();
    }
  }

  private void start() {
    if (started.compareAndSet(false, true)) {
      Thread loading = new Thread(() -> all.forEach(Loadable::load), "w2s-loading");
      loading.setDaemon(true);
      thread = loading;
      loading.start();
    }
  }

  /**
   * What was loaded, as the properties have calls get it.
   *
   * @throws NotReadyException if it is not there
   */
  public <T> T get(Loadable<T> wanted) {
    start();
    return properties.untilReady() == UntilReady.FAIL
        ? wanted.get()
        : wanted.await(properties.timeout());
  }

  /** Whether a call that comes now is guided; if not, that is warned of. */
  public boolean guidesNow() {
    if (properties.untilReady() != UntilReady.UNGUIDED) {
      return true;
    }
    start();
    boolean unguided = isLoading();
    if (unguided && warned.compareAndSet(false, true)) {
      LOG.warn("guides are being loaded; until they are, calls go to the large models unguided");
    }
    return !unguided;
  }

  /** Whether something is still to come. */
  public boolean isLoading() {
    return all.stream()
        .map(Loadable::state)
        .anyMatch(state -> state == Loadable.State.NOT_LOADED || state == Loadable.State.LOADING);
  }

  /** What guided calls do until guides are there. */
  public UntilReady untilReady() {
    return properties.untilReady();
  }

  /** When things are loaded. */
  public Mode mode() {
    return properties.mode();
  }

  /** Gives everything back; what is being loaded just now is waited for, within the timeout. */
  @Override
  public void destroy() {
    all.forEach(Loadable::close);
    Thread loading = thread;
    if (loading != null) {
      try {
        loading.join(properties.timeout().toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
