// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.function.Consumer;

/** Cancels one stream, from any thread. */
final class CancelHandle implements StreamingHandle {
  private volatile boolean cancelled;

  @Override
  public void cancel() {
    cancelled = true;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  /** A callback that is not made any more once this is cancelled. */
  Consumer<String> unlessCancelled(Consumer<String> callback) {
    return piece -> {
      if (!cancelled) {
        callback.accept(piece);
      }
    };
  }
}
