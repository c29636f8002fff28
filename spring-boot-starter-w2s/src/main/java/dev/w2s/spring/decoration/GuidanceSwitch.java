// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import dev.w2s.spring.loading.Loader;
import java.util.concurrent.atomic.LongAdder;

/** Whether models are guided now: switched by hand, and by what has been loaded. */
public final class GuidanceSwitch {
  private final Loader loader;
  private final LongAdder unguided = new LongAdder();
  private volatile boolean on = true;

  /** On. */
  public GuidanceSwitch(Loader loader) {
    this.loader = loader;
  }

  /** Turns guidance on or off, for calls that begin from now on. */
  public void turn(boolean on) {
    this.on = on;
  }

  /** Whether it is on. */
  public boolean isOn() {
    return on;
  }

  /** Whether a call that comes now is guided. */
  boolean guidesNow() {
    boolean guides = on && loader.guidesNow();
    if (!guides) {
      unguided.increment();
    }
    return guides;
  }

  /** Calls that were not guided so far. */
  public long unguided() {
    return unguided.sum();
  }
}
