// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When guides and local models are loaded.
 *
 * @param mode When they are loaded: in the background after the start, while the application
 *     starts, or with the first call.
 * @param untilReady What guided calls do until then.
 * @param timeout How long a call waits for them at most.
 */
public record LoadingProperties(
    @DefaultValue("background") Mode mode,
    @DefaultValue("wait") UntilReady untilReady,
    @DefaultValue("60s") Duration timeout) {

  /** When guides are loaded. */
  public enum Mode {
    /** In the background, when the application has started. */
    BACKGROUND,
    /** While the application starts, which fails if they cannot be. */
    EAGER,
    /** With the first guided call. */
    LAZY
  }

  /** What guided calls do until their guides are loaded. */
  public enum UntilReady {
    /** Wait, up to the timeout, and then fail. */
    WAIT,
    /** Go to the large model unguided, which is warned of. */
    UNGUIDED,
    /** Fail at once. */
    FAIL
  }
}
