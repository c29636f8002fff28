// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.local.Thinking;
import dev.w2s.local.ThinkingTags;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What guides and callers are shown of a response that begins with thinking. The tag that ends it
 * is made of what the model says by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalChatSamplerTest {
  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());
  private static final int TOKENS = 20;

  private CausalModel model;

  /** What the model says without thinking. */
  private Candidate said;

  @BeforeAll
  void load() {
    model = CausalModel.load("embedded:movie-reviews/untuned");
    try (LocalModelSampler sampler = open(GREEDY)) {
      said = drawn(sampler);
    }
  }

  @AfterAll
  void close() {
    model.close();
  }

  private LocalModelSampler open(SamplingParameters sampling) {
    return LocalModelSampler.open(model, Rendered.raw("This movie was"), sampling, /* seed= */ 1);
  }

  private static Candidate drawn(CandidateSampler sampler) {
    return sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 1, TOKENS))).get(0).get(0);
  }

  /** Of a response whose prompt has opened the thinking. */
  private static Thinking upTo(String close) {
    return new Thinking(new ThinkingTags("<think>", close), /* opened= */ true);
  }

  private LocalChatSampler sampler(Thinking thinking, boolean scoresThinking) {
    return new LocalChatSampler(open(GREEDY), "base", thinking, scoresThinking);
  }

  private static Candidate foreign(String text, Status status) {
    return new Candidate(text, 3, status);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void thinkingIsJudgedOnlyByChoice(boolean scoresThinking) {
    String text = said.wholeText();
    String tag = text.substring(6, 14);
    String thought = text.substring(0, text.indexOf(tag)).strip();
    String answer = text.substring(text.indexOf(tag) + tag.length()).stripLeading();
    assertThat(thought).isNotEmpty();
    try (LocalChatSampler sampler = sampler(upTo(tag), scoresThinking)) {
      Candidate drawn = drawn(sampler);
      assertThat(drawn.text()).isEqualTo(scoresThinking ? thought + "\n\n" + answer : answer);
      assertThat(drawn.heldBack()).isEmpty();
      assertThat(drawn.tokens()).isEqualTo(TOKENS);
      assertThat(drawn.status()).isEqualTo(Status.OPEN);
      assertThat(drawn.logProbability()).isEqualTo(said.logProbability());
      assertThat(sampler.isText(drawn)).isTrue();
      assertThat(sampler.thinking(drawn)).isEqualTo(thought);
      ChatResponse response = sampler.response(drawn);
      assertThat(response.aiMessage())
          .isEqualTo(AiMessage.builder().thinking(thought).text(answer).build());
      assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(4, TOKENS)); // a BOS before three
      assertThat(sampler.cost()).isEqualTo(new SamplingCost(1, TOKENS));
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void whatIsStillThinkingHasNoAnswerToJudge(boolean scoresThinking) {
    String thought = said.wholeText().strip();
    try (LocalChatSampler sampler = sampler(upTo("</think>"), scoresThinking)) {
      Candidate drawn = drawn(sampler);
      assertThat(drawn.text()).isEqualTo(scoresThinking ? thought : "");
      assertThat(sampler.thinking(drawn)).isEqualTo(thought);
      // All of it comes with the candidate, whatever its text is.
      assertThat(sampler.response(drawn).aiMessage())
          .isEqualTo(AiMessage.builder().thinking(thought).text("").build());
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void anAnswerWithoutThinkingIsJudgedAlone(boolean scoresThinking) {
    Thinking none = new Thinking(ThinkingTags.THINK, /* opened= */ false);
    try (LocalChatSampler sampler = sampler(none, scoresThinking)) {
      Candidate drawn = drawn(sampler);
      assertThat(drawn).isEqualTo(said);
      assertThat(sampler.thinking(drawn)).isEmpty();
      assertThat(sampler.response(drawn).aiMessage()).isEqualTo(AiMessage.from(said.wholeText()));
    }
  }

  /** The last characters may be the beginning of the tag as long as the response goes on. */
  @Test
  void whatMayBeATagIsHeldBackWhileAResponseIsOpen() {
    String text = said.wholeText();
    int sure = text.length() - 3;
    Thinking thinking = upTo(text.substring(sure) + "~");
    try (LocalChatSampler sampler = sampler(thinking, /* scoresThinking= */ true)) {
      Candidate drawn = drawn(sampler);
      String shown = text.substring(0, sure).strip();
      assertThat(drawn.text()).isEqualTo(shown);
      assertThat(drawn.heldBack()).isEqualTo(text.strip().substring(shown.length())).isNotEmpty();
      assertThat(sampler.thinking(drawn)).isEqualTo(shown);
    }
  }

  @Test
  void nothingIsHeldBackOfAResponseThatHasEnded() {
    String text = said.wholeText();
    int stopAt = text.length() - 4;
    String thought = text.substring(0, text.indexOf(text.substring(stopAt))).strip();
    Thinking thinking = upTo(thought.substring(thought.length() - 3) + "~");
    SamplingParameters stopping = GREEDY.withStop(List.of(text.substring(stopAt)));
    try (LocalChatSampler sampler =
        new LocalChatSampler(open(stopping), "base", thinking, /* scoresThinking= */ true)) {
      Candidate drawn = drawn(sampler);
      assertThat(drawn.status()).isEqualTo(Status.ENDED);
      assertThat(drawn.text()).isEqualTo(thought);
      assertThat(sampler.thinking(drawn)).isEqualTo(thought);
    }
  }

  @Test
  void aResponseFromElsewhereIsTakenApartByItsText() {
    try (LocalChatSampler sampler = sampler(upTo("</think>"), /* scoresThinking= */ false)) {
      Candidate ended = foreign("Hm.</think>\n\nIt was good.", Status.ENDED);
      ChatResponse response = sampler.response(ended);
      assertThat(response.aiMessage())
          .isEqualTo(AiMessage.builder().thinking("Hm.").text("It was good.").build());
      assertThat(response.modelName()).isEqualTo("base");
      assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(sampler.thinking(ended)).isEqualTo("Hm.");
      assertThat(sampler.thinking(foreign("Hm.</thi", Status.OPEN))).isEqualTo("Hm.");
      assertThat(sampler.thinking(foreign("Hm.</thi", Status.CUT))).isEqualTo("Hm.</thi");
    }
  }
}
