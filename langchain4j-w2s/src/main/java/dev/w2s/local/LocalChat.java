// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.ChatRequestValidationUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CausalModel} that answers conversations: what its two chat models have in common.
 *
 * @param model stays the caller's, who closes it
 * @param format how it is shown conversations
 * @param sampling how tokens are drawn where a request says nothing else
 * @param maxTokens most tokens of a response where a request says nothing else
 * @param seed same seed and conversation, same text; null draws a new one for each call
 * @param thinkingTags what thinking is told by; null where all is the answer
 */
public record LocalChat(
    CausalModel model,
    PromptFormat format,
    SamplingParameters sampling,
    int maxTokens,
    @Nullable Long seed,
    @Nullable ThinkingTags thinkingTags) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if maxTokens is below 1
   */
  public LocalChat {
    requireNonNull(model, "model");
    requireNonNull(format, "format");
    requireNonNull(sampling, "sampling");
    requireMaxTokens(maxTokens);
  }

  static void requireMaxTokens(int maxTokens) {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + "; it must be at least 1");
    }
  }

  /**
   * What one request comes to.
   *
   * @param prompt as the model reads it
   * @param sampling how tokens are drawn
   * @param maxTokens most tokens of the response
   * @param thinking how the response is taken apart
   */
  public record Resolved(
      Rendered prompt, SamplingParameters sampling, int maxTokens, Thinking thinking) {}

  /** What a request gets where it says nothing else. */
  public ChatRequestParameters defaultRequestParameters() {
    return DefaultChatRequestParameters.builder()
        .temperature(sampling.temperature())
        .topK(sampling.topK())
        .topP(sampling.topP())
        .frequencyPenalty(sampling.frequencyPenalty())
        .presencePenalty(sampling.presencePenalty())
        .maxOutputTokens(maxTokens)
        .stopSequences(sampling.stop())
        .build();
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException if a parameter is out of range, or the chat template cannot
   *     show the conversation
   * @throws UnsupportedFeatureException if the request asks for tools, a response format, another
   *     model, or has content that is no text
   */
  public Resolved resolve(ChatRequest request) {
    ChatRequestParameters asked = request.parameters();
    ChatRequestValidationUtils.validate(asked.toolChoice());
    ChatRequestValidationUtils.validate(asked.toolSpecifications());
    ChatRequestValidationUtils.validate(asked.responseFormat());
    if (asked.modelName() != null && !asked.modelName().equals(model.reference())) {
      throw new UnsupportedFeatureException(
          "modelName '%s' is not supported; this model is '%s' and no other"
              .formatted(asked.modelName(), model.reference()));
    }
    int most = requireNonNullElse(asked.maxOutputTokens(), maxTokens);
    requireMaxTokens(most);
    Rendered prompt = format.render(Conversations.of(request.messages()));
    return new Resolved(prompt, sampling(asked), most, Thinking.after(prompt, thinkingTags));
  }

  private SamplingParameters sampling(ChatRequestParameters asked) {
    return new SamplingParameters(
        requireNonNullElse(asked.temperature(), sampling.temperature()),
        requireNonNullElse(asked.topK(), sampling.topK()),
        requireNonNullElse(asked.topP(), sampling.topP()),
        requireNonNullElse(asked.frequencyPenalty(), sampling.frequencyPenalty()),
        requireNonNullElse(asked.presencePenalty(), sampling.presencePenalty()),
        asked.stopSequences().isEmpty() ? sampling.stop() : asked.stopSequences());
  }

  Generation generation(Resolved resolved) {
    return new Generation(
        model, resolved.prompt(), resolved.sampling(), resolved.maxTokens(), seed);
  }
}
