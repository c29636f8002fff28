// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.continuation.ChatEndpoint.Ask;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import java.util.Set;

/**
 * A server's chat model, for the calls that are not guided.
 *
 * @param model the server
 */
record ServerDelegate(OpenAiCompatible model) implements ChatDelegate {

  /** It has no listeners. */
  @Override
  public ChatDelegate silent() {
    return this;
  }

  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    ChatRequestParameters parameters = request.parameters();
    Answer answer =
        model
            .endpoint(request)
            .answer(new Ask("", Continuation.WHOLE, 1, parameters.maxOutputTokens(), model.seed()));
    Choice choice = answer.choices().get(0).get(0);
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(choice.text()))
        .modelName(model.modelName())
        .finishReason(finishReason(choice.finish()))
        .tokenUsage(
            answer.usage() == null
                ? null
                : new TokenUsage(answer.usage().prompt(), answer.usage().completion()))
        .build();
  }

  private static FinishReason finishReason(Finish finish) {
    return switch (finish) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case FILTERED -> FinishReason.CONTENT_FILTER;
    };
  }

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public void stream(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    throw new UnsupportedFeatureException(model + " does not stream");
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return DefaultChatRequestParameters.EMPTY;
  }

  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of();
  }
}
