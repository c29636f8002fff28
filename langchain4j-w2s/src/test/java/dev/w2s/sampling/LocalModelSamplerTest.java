// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.local.Thinking;
import dev.w2s.model.CausalModel;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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

  private static DrawRequest request(Candidate from, int draws, int tokens) {
    return new DrawRequest(new Hypothesis(0, 0, from, 0, 1), draws, tokens);
  }

  private Candidate greedy(int tokens, String prompt) {
    try (LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw(prompt), GREEDY, 1)) {
      return only(sampler.sample(List.of(request(Candidate.empty(), 1, tokens))));
    }
  }

  @Test
  void aClosedSamplerHoldsNoNativeMemory() {
    long before = OpenNatives.on(Placement.AUTO).caches();
    LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw("This movie was"), GREEDY, /* seed= */ 1);
    sampler.sample(List.of(request(Candidate.empty(), 1, 5)));
    assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before + 1);
    sampler.close();
    assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before);
  }

  @Test
  void aClosedChatSamplerHoldsNoNativeMemoryEither() {
    long before = OpenNatives.on(Placement.AUTO).caches();
    for (Function<LocalModelSampler, ChatSampler> chat :
        List.<Function<LocalModelSampler, ChatSampler>>of(
            own -> new TextChatSampler(own, "base"),
            own ->
                new LocalChatSampler(
                    own,
                    "base",
                    new Thinking(/* tags= */ null, /* opened= */ false),
                    /* scoresThinking= */ false))) {
      ChatSampler sampler =
          chat.apply(
              LocalModelSampler.open(model, Rendered.raw("This movie was"), GREEDY, /* seed= */ 1));
      sampler.sample(List.of(request(Candidate.empty(), 1, 5)));
      assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before + 1);
      sampler.close();
      assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before);
    }
  }

  /** Others may show less of it, such as an answer without its thinking. */
  @Test
  void allThatWasDrawnComesWithTheHandle() {
    Candidate drawn = greedy(10, "This movie was");
    Candidate shown = new Candidate("a", "b", 10, Status.OPEN, drawn.handle());
    assertThat(LocalModelSampler.wholeResponse(shown)).isEqualTo(drawn.wholeText()).isNotEmpty();
    Candidate foreign = new Candidate("a", "b", 10, Status.OPEN, null);
    assertThat(LocalModelSampler.wholeResponse(foreign)).isEqualTo("ab");
  }

  @Test
  void chunksJoinToTheTextOfOneGo() {
    Candidate whole = greedy(20, "This movie was");
    try (LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw("This movie was"), GREEDY, 1)) {
      Candidate hypothesis = Candidate.empty();
      for (int round = 0; round < 4; round++) {
        hypothesis = only(sampler.sample(List.of(request(hypothesis, 1, 5))));
      }
      assertThat(hypothesis).isEqualTo(whole);
      assertThat(sampler.cost()).isEqualTo(new SamplingCost(4, 20));
      assertThat(sampler.tokenUsage().inputTokenCount()).isEqualTo(4); // BOS and three words
      assertThat(sampler.tokenUsage().outputTokenCount()).isEqualTo(20);
    }
  }

  /** A stop string that may have begun is no part of the text that a hypothesis shows. */
  @Test
  void anOpenTextOnlyGrowsAndHoldsBackWhatMayBeCut() {
    List<String> stop = List.of(" and the", "e m", ". The");
    boolean held = false;
    for (int seed = 0; seed < 10; seed++) {
      SamplingParameters sampling = new SamplingParameters(1, 0, 1, stop);
      try (LocalModelSampler sampler =
          LocalModelSampler.open(model, Rendered.raw("This movie was"), sampling, seed)) {
        Candidate next = Candidate.empty();
        for (int round = 0; round < 20 && next.isOpen(); round++) {
          String shown = next.text();
          next = only(sampler.sample(List.of(request(next, 1, 2))));
          assertThat(next.text()).startsWith(shown);
          assertThat(stop).noneMatch(next.wholeText()::contains);
          held |= !next.heldBack().isEmpty();
        }
      }
    }
    assertThat(held).isTrue();
  }

  /** A hypothesis that the sampler has not drawn itself is tokenized and continued all the same. */
  @Test
  void anUnknownHypothesisIsContinued() {
    Candidate whole = greedy(10, "This movie was a great");
    try (LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw("This movie was"), GREEDY, 1)) {
      Candidate given = new Candidate(" a great", 2, Status.OPEN);
      Candidate continued = only(sampler.sample(List.of(request(given, 1, 10))));
      assertThat(continued.text()).isEqualTo(" a great" + whole.text());
      assertThat(continued.tokens()).isEqualTo(12);
    }
  }

  @Test
  void everyRequestGetsItsDraws() {
    try (LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw("I think"), TOP_50, 3)) {
      List<Candidate> first = sampler.sample(List.of(request(Candidate.empty(), 6, 4))).get(0);
      assertThat(first).hasSize(6);
      List<DrawRequest> requests = new ArrayList<>();
      first.stream()
          .filter(Candidate::isOpen)
          .distinct()
          .limit(3)
          .forEach(c -> requests.add(request(c, 2, 3)));
      List<List<Candidate>> second = sampler.sample(requests);
      assertThat(second).hasSameSizeAs(requests);
      for (int i = 0; i < requests.size(); i++) {
        String start = requests.get(i).response().text();
        assertThat(second.get(i)).hasSize(2).allMatch(c -> c.text().startsWith(start));
      }
    }
  }

  @Test
  void positionsRunOut() {
    String prompt = "very ".repeat(250);
    SamplingParameters neverEnding = new SamplingParameters(1, 0, 1, List.of());
    int promptTokens = model.tokenizer().encode(prompt, true).size();
    try (LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw(prompt), neverEnding, 5)) {
      List<Candidate> drawn = sampler.sample(List.of(request(Candidate.empty(), 8, 1000))).get(0);
      assertThat(drawn).extracting(Candidate::status).contains(Status.OUT_OF_POSITIONS);
      assertThat(drawn)
          .filteredOn(candidate -> candidate.status() == Status.OUT_OF_POSITIONS)
          .allMatch(candidate -> promptTokens + candidate.tokens() == 512);
    }
  }

  /** A search may go back to any hypothesis: its tokens come with it. */
  @Test
  void anEarlierHypothesisIsContinuedByItsOwnTokens() {
    Candidate whole = greedy(10, "This movie was");
    try (LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw("This movie was"), GREEDY, 1)) {
      Candidate early = only(sampler.sample(List.of(request(Candidate.empty(), 1, 5))));
      only(sampler.sample(List.of(request(new Candidate(" a", 1, Status.OPEN), 1, 3))));
      assertThat(only(sampler.sample(List.of(request(early, 1, 5))))).isEqualTo(whole);
    }
  }
}
