// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws answers of text alone.
 *
 * @param sampler continues the conversation
 * @param modelName named in responses
 */
record TextChatSampler(MeteredSampler sampler, String modelName) implements ChatSampler {

  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    return sampler.sample(requests);
  }

  @Override
  public boolean isText(Candidate candidate) {
    return true;
  }

  @Override
  public String thinking(Candidate candidate) {
    return "";
  }

  @Override
  public ChatResponse response(Candidate candidate) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(candidate.wholeText()))
        .modelName(modelName)
        .tokenUsage(tokenUsage())
        .finishReason(finishReason(candidate.status()))
        .build();
  }

  /** One that is still open was left so by a budget, a cancellation or a failure. */
  static FinishReason finishReason(Candidate.Status status) {
    return switch (status) {
      case ENDED -> FinishReason.STOP;
      case CUT, OUT_OF_POSITIONS -> FinishReason.LENGTH;
      case OPEN -> FinishReason.OTHER;
    };
  }

  @Override
  public SamplingCost cost() {
    return sampler.cost();
  }

  @Override
  public @Nullable TokenUsage tokenUsage() {
    return sampler.tokenUsage();
  }

  @Override
  public void close() {
    sampler.close();
  }
}
