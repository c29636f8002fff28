// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalModelSamplerTest {
  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());
  private static final SamplingParameters TOP_50 = new SamplingParameters(0.7, 50, 1, List.of());

  private CausalModel model;

  @BeforeAll
  void load() {
    model = CausalModel.load("embedded:movie-reviews/untuned");
  }

  @AfterAll
  void close() {
    model.close();
  }

  private static Candidate only(List<List<Candidate>> answers) {
    return answers.get(0).get(0);
  }

  private Candidate greedy(int tokens, String prompt) {
    try (LocalModelSampler sampler =
        new LocalModelSampler(model, Rendered.raw(prompt), GREEDY, 1)) {
      return only(sampler.sample(List.of(new DrawRequest(Candidate.empty(), 1, tokens))));
    }
  }

  @Test
  void chunksJoinToTheTextOfOneGo() {
    Candidate whole = greedy(20, "This movie was");
    try (LocalModelSampler sampler =
        new LocalModelSampler(model, Rendered.raw("This movie was"), GREEDY, 1)) {
      Candidate hypothesis = Candidate.empty();
      for (int round = 0; round < 4; round++) {
        hypothesis = only(sampler.sample(List.of(new DrawRequest(hypothesis, 1, 5))));
      }
      assertThat(hypothesis).isEqualTo(whole);
      assertThat(sampler.calls()).isEqualTo(4);
      assertThat(sampler.tokenUsage().inputTokenCount()).isEqualTo(4); // BOS and three words
      assertThat(sampler.tokenUsage().outputTokenCount()).isEqualTo(20);
    }
  }

  /** A hypothesis that the sampler has not drawn itself is tokenized and continued all the same. */
  @Test
  void anUnknownHypothesisIsContinued() {
    Candidate whole = greedy(10, "This movie was a great");
    try (LocalModelSampler sampler =
        new LocalModelSampler(model, Rendered.raw("This movie was"), GREEDY, 1)) {
      Candidate given = new Candidate(" a great", 2, Status.OPEN);
      Candidate continued = only(sampler.sample(List.of(new DrawRequest(given, 1, 10))));
      assertThat(continued.text()).isEqualTo(" a great" + whole.text());
      assertThat(continued.tokens()).isEqualTo(12);
    }
  }

  @Test
  void everyRequestGetsItsDraws() {
    try (LocalModelSampler sampler =
        new LocalModelSampler(model, Rendered.raw("I think"), TOP_50, 3)) {
      List<Candidate> first =
          sampler.sample(List.of(new DrawRequest(Candidate.empty(), 6, 4))).get(0);
      assertThat(first).hasSize(6);
      List<DrawRequest> requests = new ArrayList<>();
      first.stream()
          .filter(Candidate::isOpen)
          .distinct()
          .limit(3)
          .forEach(c -> requests.add(new DrawRequest(c, 2, 3)));
      List<List<Candidate>> second = sampler.sample(requests);
      assertThat(second).hasSameSizeAs(requests);
      for (int i = 0; i < requests.size(); i++) {
        String start = requests.get(i).hypothesis().text();
        assertThat(second.get(i)).hasSize(2).allMatch(c -> c.text().startsWith(start));
      }
    }
  }

  @Test
  void positionsRunOut() {
    String prompt = "very ".repeat(250);
    Candidate last = greedy(1000, prompt);
    assertThat(last.status()).isIn(Status.POSITIONS, Status.ENDED);
    int promptTokens = model.tokenizer().encode(prompt, true).size();
    assertThat(promptTokens + last.tokens()).isLessThanOrEqualTo(512);
  }
}
