// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteToolCall;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialThinking;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.w2s.sampling.ChatSampler;
import dev.w2s.search.Cancellation;
import dev.w2s.search.SearchListener;
import java.util.List;
import java.util.Objects;

/** One answer as LangChain4j's callbacks, all from the thread that runs it. */
final class ChatStream implements StreamingHandle {
  private final StreamingChatResponseHandler handler;
  private final Cancellation cancellation;
  private final TextStream text;
  private String thinking = "";
  private boolean thinkingSent;

  ChatStream(StreamingChatResponseHandler handler, Cancellation cancellation) {
    this.handler = handler;
    this.cancellation = cancellation;
    text = new TextStream(this::send);
  }

  void run(GuidedChat.Call call) {
    ChatResponse response;
    try {
      response = call.growsText() ? call.answer(this::growing) : call.answer();
    } catch (RuntimeException | Error e) {
      unlessCancelled(() -> withLoggingExceptions(() -> handler.onError(e)));
      return;
    }
    unlessCancelled(() -> finish(response));
  }

  /** Text waits until its thinking is settled, which goes first. */
  private SearchListener growing(ChatSampler sampler) {
    return round -> {
      List<String> thoughts =
          round.kept().stream()
              .map(hypothesis -> sampler.thinking(hypothesis.candidate()))
              .distinct()
              .toList();
      if (thoughts.size() == 1) {
        thinking = thoughts.get(0);
        text.onRound(round);
      }
    };
  }

  private void send(String piece) {
    sendThinking();
    unlessCancelled(() -> onPartialResponse(handler, piece, this));
  }

  private void sendThinking() {
    if (!thinkingSent) {
      thinkingSent = true;
      unlessCancelled(() -> onPartialThinking(handler, thinking, this));
    }
  }

  private void finish(ChatResponse response) {
    AiMessage message = response.aiMessage();
    thinking = Objects.requireNonNullElse(message.thinking(), "");
    sendThinking();
    text.finish(Objects.requireNonNullElse(message.text(), ""));
    List<ToolExecutionRequest> calls = message.toolExecutionRequests();
    for (int i = 0; i < calls.size(); i++) {
      CompleteToolCall complete = new CompleteToolCall(i, calls.get(i));
      unlessCancelled(() -> onCompleteToolCall(handler, complete));
    }
    unlessCancelled(() -> onCompleteResponse(handler, response));
  }

  private void unlessCancelled(Runnable callback) {
    if (!cancellation.isCancelled()) {
      callback.run();
    }
  }

  @Override
  public void cancel() {
    cancellation.cancel();
  }

  @Override
  public boolean isCancelled() {
    return cancellation.isCancelled();
  }
}
