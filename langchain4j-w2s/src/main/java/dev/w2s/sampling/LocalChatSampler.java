// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.local.Thinking;
import dev.w2s.local.ThinkingTags.Parts;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import java.util.List;

/**
 * Draws from a chat model in this process.
 *
 * @param sampler continues the conversation
 * @param modelName named in responses
 * @param thinking how responses are taken apart
 * @param scoresThinking whether guides judge the thinking, too; else a candidate's text is the
 *     answer alone
 */
record LocalChatSampler(
    LocalModelSampler sampler, String modelName, Thinking thinking, boolean scoresThinking)
    implements ChatSampler {

  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    return sampler.sample(requests).stream()
        .map(drawn -> drawn.stream().map(this::judged).toList())
        .toList();
  }

  /** As guides are shown it; the handle has all. What is not sure is held back. */
  private Candidate judged(Candidate drawn) {
    String whole = judged(thinking.whole(drawn.wholeText()));
    String sure = drawn.isOpen() ? judged(thinking.soFar(drawn.text())) : whole;
    return new Candidate(
        sure,
        whole.substring(sure.length()),
        drawn.tokens(),
        drawn.status(),
        drawn.logProbability(),
        drawn.handle());
  }

  private String judged(Parts parts) {
    if (!scoresThinking || parts.thinking().isEmpty()) {
      return parts.text();
    }
    return parts.text().isEmpty() ? parts.thinking() : parts.thinking() + "\n\n" + parts.text();
  }

  @Override
  public String thinking(Candidate candidate) {
    String response = LocalModelSampler.wholeResponse(candidate);
    return (candidate.isOpen() ? thinking.soFar(response) : thinking.whole(response)).thinking();
  }

  /** It answers in text alone. */
  @Override
  public boolean isText(Candidate candidate) {
    return true;
  }

  @Override
  public ChatResponse response(Candidate candidate) {
    return ChatResponse.builder()
        .aiMessage(thinking.message(LocalModelSampler.wholeResponse(candidate)))
        .modelName(modelName)
        .tokenUsage(tokenUsage())
        .finishReason(TextChatSampler.finishReason(candidate.status()))
        .build();
  }

  @Override
  public SamplingCost cost() {
    return sampler.cost();
  }

  @Override
  public TokenUsage tokenUsage() {
    return sampler.tokenUsage();
  }

  @Override
  public void close() {
    sampler.close();
  }
}
