// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.continuation.ChatEndpoint;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.sampling.continuation.Instruction;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Completions.Usage;
import dev.w2s.server.Input;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a LangChain4j chat model: one answer a call, and only those ways that
 * LangChain4j's messages can express.
 */
record DelegateChat(ChatDelegate delegate, ChatCall call) implements ChatEndpoint {

  /** Those that LangChain4j's messages can express. */
  static final List<Continuation> WAYS =
      List.of(Continuation.PREFILL, Continuation.INSTRUCTION, Continuation.WHOLE);

  @Override
  public List<Continuation> ways() {
    return WAYS;
  }

  @Override
  public Answer answer(Ask ask) {
    ChatRequest request =
        ChatRequest.builder().messages(messages(ask)).parameters(parameters(ask)).build();
    return answer(ask, delegate.chat(request, call.options()));
  }

  private List<ChatMessage> messages(Ask ask) {
    List<ChatMessage> messages = new ArrayList<>(call.request().messages());
    if (!ask.given().isEmpty()) {
      messages.add(AiMessage.from(ask.given()));
      if (ask.way() == Continuation.INSTRUCTION) {
        messages.add(UserMessage.from(Instruction.GO_ON));
      }
    }
    return messages;
  }

  private ChatRequestParameters parameters(Ask ask) {
    ChatRequestParameters own = call.request().parameters();
    return ask.maxTokens() == null
        ? own
        : own.overrideWith(
            DefaultChatRequestParameters.builder().maxOutputTokens(ask.maxTokens()).build());
  }

  private static Answer answer(Ask ask, ChatResponse response) {
    String text = requireNonNullElse(response.aiMessage().text(), "");
    TokenUsage usage = response.tokenUsage();
    int tokens = usage == null ? 0 : requireNonNullElse(usage.outputTokenCount(), 0);
    Choice choice =
        new Choice(
            text, Input.of(text), finish(ask, response.finishReason(), tokens), tokens, Double.NaN);
    return new Answer(
        List.of(List.of(choice)),
        usage == null || usage.inputTokenCount() == null
            ? null
            : new Usage(usage.inputTokenCount(), tokens));
  }

  /** A model that gives no reason has been cut where it drew as much as it was allowed. */
  private static Finish finish(Ask ask, @Nullable FinishReason reason, int tokens) {
    if (reason == FinishReason.CONTENT_FILTER) {
      return Finish.FILTERED;
    }
    boolean full = ask.maxTokens() != null && tokens >= ask.maxTokens();
    return reason == FinishReason.LENGTH || (reason == null && full) ? Finish.LENGTH : Finish.STOP;
  }
}
