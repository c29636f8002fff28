// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Waits for a stream's end; an interrupt cancels the stream as soon as its handle is known. */
final class CollectingHandler implements StreamingChatResponseHandler {
  private final CompletableFuture<@Nullable ChatResponse> response = new CompletableFuture<>();
  private @Nullable StreamingHandle handle;
  private boolean cancelled;

  /**
   * The complete response.
   *
   * @throws CancellationException if the thread is interrupted, whose flag is then set
   * @throws RuntimeException the stream's error, wrapped if it is checked
   */
  @Nullable ChatResponse await() {
    try {
      return Answers.await(response);
    } catch (CancellationException e) {
      cancel();
      throw e;
    }
  }

  private synchronized void cancel() {
    cancelled = true;
    if (handle != null) {
      handle.cancel();
    }
  }

  private synchronized void take(StreamingHandle given) {
    handle = given;
    if (cancelled) {
      given.cancel();
    }
  }

  @Override
  public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
    take(context.streamingHandle());
  }

  @Override
  public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
    take(context.streamingHandle());
  }

  @Override
  public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
    take(context.streamingHandle());
  }

  @Override
  public void onCompleteResponse(ChatResponse complete) {
    response.complete(complete);
  }

  @Override
  public void onError(Throwable error) {
    response.completeExceptionally(error);
  }
}
