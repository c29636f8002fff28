// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialThinking;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;
import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.model.CausalModel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A {@link CausalModel} as a LangChain4j {@link StreamingChatModel}: {@link LocalChatModel}, token
 * by token, with the same text under a seed.
 *
 * <p>All callbacks come from one thread of the builder's executor, which is not the caller's. What
 * a stop string may still cut is held back. Cancelling ends the drawing within a token, and no
 * callback follows.
 */
public final class LocalStreamingChatModel implements StreamingChatModel {
  private final Supplier<LocalChat> chat;
  private final List<ChatModelListener> listeners;
  private final Executor executor;

  private LocalStreamingChatModel(
      Supplier<LocalChat> chat, List<ChatModelListener> listeners, Executor executor) {
    this.chat = chat;
    this.listeners = listeners;
    this.executor = executor;
  }

  /** A builder with plain sampling, up to 512 tokens. */
  public static Builder builder() {
    return new Builder();
  }

  /** Answers a conversation; what fails is told by {@code onError}. */
  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    executor.execute(() -> answer(request, handler));
  }

  private void answer(ChatRequest request, StreamingChatResponseHandler handler) {
    CancelHandle handle = new CancelHandle();
    ChatResponse response;
    try {
      LocalChat local = local();
      LocalChat.Resolved resolved = local.resolve(request);
      PartsStream parts =
          new PartsStream(
              resolved.thinking(),
              handle.unlessCancelled(piece -> onPartialThinking(handler, piece, handle)),
              handle.unlessCancelled(piece -> onPartialResponse(handler, piece, handle)));
      LocalAnswer answer = local.generation(resolved).streamed(parts::accept, handle::isCancelled);
      parts.finish();
      response = answer.chatResponse(local.model().reference(), resolved.thinking());
    } catch (RuntimeException | Error e) {
      withLoggingExceptions(() -> handler.onError(e));
      return;
    }
    if (!handle.isCancelled()) {
      onCompleteResponse(handler, response);
    }
  }

  /** The model, and how it answers. */
  public LocalChat local() {
    return chat.get();
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return local().defaultRequestParameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  /** Builds a {@link LocalStreamingChatModel}; the model is required. */
  public static final class Builder extends LocalChatBuilder<Builder> {
    private Executor executor = DaemonThreads.unbounded("w2s-stream");

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Runs the streams; by default daemon threads that end when idle. */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Builds the model.
     *
     * @throws IllegalArgumentException if the model is missing, or a value is out of range; of a
     *     model that is given later, its first call throws that
     */
    public LocalStreamingChatModel build() {
      return new LocalStreamingChatModel(chat(), listeners(), executor);
    }
  }
}
