// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link CandidateSampler} keeps; extend it for one's own. */
public abstract class CandidateSamplerContract {

  /** A new sampler whose responses usually go on beyond ten tokens. */
  protected abstract CandidateSampler open();

  /** Every draw of a round grows from its hypothesis, and the cost is what was drawn. */
  @Test
  protected void hypothesesGrowRoundByRoundAndTheCostIsTrue() {
    try (CandidateSampler sampler = open()) {
      List<DrawRequest> requests = List.of(new DrawRequest(Hypothesis.root(), 4, 3));
      long tokens = 0;
      long calls = 0;
      for (int round = 1; round <= 3 && !requests.isEmpty(); round++) {
        List<List<Candidate>> answers = sampler.sample(requests);
        assertThat(answers).hasSameSizeAs(requests);
        List<DrawRequest> next = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
          tokens += checked(requests.get(i), answers.get(i), next);
        }
        assertThat(sampler.cost().tokens()).isEqualTo(tokens);
        assertThat(sampler.cost().calls()).isGreaterThan(calls);
        calls = sampler.cost().calls();
        requests = next;
      }
    }
  }

  /** Checks a request's answer, asks for what is open to go on, and returns the tokens drawn. */
  private static long checked(DrawRequest request, List<Candidate> answer, List<DrawRequest> next) {
    assertThat(answer).isNotEmpty().hasSizeLessThanOrEqualTo(request.draws());
    long tokens = 0;
    for (Candidate candidate : answer) {
      int drawn = candidate.tokens() - request.response().tokens();
      assertThat(drawn).isBetween(candidate.isOpen() ? 1 : 0, request.maxTokens());
      assertThat(candidate.text()).startsWith(request.response().text());
      if (candidate.isOpen()) {
        next.add(new DrawRequest(new Hypothesis(1, 0, candidate, 0, 1), 2, 3));
      }
      tokens += drawn;
    }
    return tokens;
  }

  /** A search may go back: what was drawn in an earlier round is continued from there. */
  @Test
  protected void anEarlierHypothesisIsContinued() {
    try (CandidateSampler sampler = open()) {
      List<Candidate> first =
          sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 4, 3))).get(0);
      List<Candidate> open = first.stream().filter(Candidate::isOpen).toList();
      assertThat(open).as("responses that go on").isNotEmpty();
      for (int i = 0; i < 2; i++) {
        Hypothesis earlier = new Hypothesis(1, 0, open.get(0), 0, 1);
        assertThat(sampler.sample(List.of(new DrawRequest(earlier, 1, 2))).get(0))
            .allMatch(candidate -> candidate.text().startsWith(open.get(0).text()));
      }
    }
  }
}
