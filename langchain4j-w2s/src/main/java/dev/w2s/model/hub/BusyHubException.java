// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import java.io.IOException;
import java.time.Duration;

/** An answer that may be another one later. */
final class BusyHubException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * @param retryAfter how long the hub asks not to be asked again; zero where it does not say
   */
  BusyHubException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
