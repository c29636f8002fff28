// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.concurrent.CompletableFuture;

/** An answer on its way; cancelling it cancels the search. */
final class AsyncAnswer extends CompletableFuture<ChatResponse> {
  private final GuidedChat.Call call;

  AsyncAnswer(GuidedChat.Call call) {
    this.call = call;
  }

  void run() {
    try {
      complete(call.answer());
    } catch (RuntimeException | Error e) {
      completeExceptionally(e);
    }
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    call.cancellation().cancel();
    return super.cancel(mayInterrupt);
  }
}
