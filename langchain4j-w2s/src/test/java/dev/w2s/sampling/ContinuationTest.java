// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.Budget;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that grow chunk by chunk are the answers that are given at once, whatever the server. */
class ContinuationTest {
  private static final String[] PARTS = {
    "word",
    "of",
    " a",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "é",
    "漢字",
    "🙂",
    "👩‍👧",
    "```java\n",
    "```\n",
    "x = 1;",
    ", ",
    ". ",
    "\"",
    " good",
    " not",
    "—",
    " the",
    " movie"
  };

  /** A server, and what is found out of it. */
  enum Server {
    CONTINUES(Continuation.PREFILL, Temperament.CONTINUES),
    TRIMS(Continuation.PREFILL, Temperament.CONTINUES, Temperament.TRIMS),
    REPEATS(Continuation.PREFILL, Temperament.REPEATS),
    REPEATS_AND_COUNTS_NOTHING(
        Continuation.PREFILL, Temperament.REPEATS, Temperament.NO_USAGE, Temperament.TRIMS),
    CONTINUES_FINAL(Continuation.CONTINUE_FINAL, Temperament.CONTINUES_FINAL),
    CONTINUES_PREFIX(Continuation.PREFIX, Temperament.CONTINUES_PREFIX),
    CONTINUES_ONE(Continuation.PREFILL, Temperament.CONTINUES, Temperament.IGNORES_N),
    REFUSES_MORE(Continuation.PREFILL, Temperament.CONTINUES, Temperament.REFUSES_N),
    GIVES_NO_REASON(Continuation.PREFILL, Temperament.CONTINUES, Temperament.NO_REASON),
    WANTS_ANOTHER_LIMIT(Continuation.PREFILL, Temperament.CONTINUES, Temperament.NEWER_LIMIT),
    ANSWERS_EVERYTHING(Continuation.PREFILL, Temperament.CONTINUES, Temperament.ANSWERS_EVERYTHING),
    THINKS(Continuation.PREFILL, Temperament.CONTINUES, Temperament.THINKS),
    HOSTED(Continuation.WHOLE, Temperament.REFUSES_FIELDS),
    REFUSES(Continuation.WHOLE, Temperament.REFUSES_FIELDS, Temperament.REFUSES_PREFILL),
    SILENT(Continuation.WHOLE, Temperament.CONTINUES, Temperament.NO_USAGE),
    RENDERS_TOKENS(null, Temperament.TOKENIZES),
    RENDERS_TEXT(null, Temperament.APPLIES_TEMPLATE);

    private final Continuation found;
    private final String ways;

    Server(Continuation found, Temperament... ways) {
      this.found = found;
      this.ways = Arrays.stream(ways).map(Enum::name).collect(Collectors.joining(","));
    }

    Temperament[] ways() {
      return Arrays.stream(ways.split(",")).map(Temperament::valueOf).toArray(Temperament[]::new);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("It");
    for (int i = 0; i < 30; i++) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text + "end.";
  }

  /** Grows an answer by chunks of so many tokens, each time from the last of several draws. */
  private static String grown(OpenAiCompatible model, int chunk) {
    SamplingRequest request = SamplingRequest.defaults().within(10_000, Budget.NO_TIME_LIMIT);
    try (MeteredSampler sampler = model.open(Prompt.of("How was it?"), request)) {
      Hypothesis hypothesis = Hypothesis.root();
      while (hypothesis.isOpen()) {
        List<List<Candidate>> drawn =
            sampler.sample(List.of(new DrawRequest(hypothesis, 3, chunk)));
        assertThat(drawn.get(0)).hasSize(3);
        Candidate last = drawn.get(0).get(2);
        assertThat(last.text()).startsWith(hypothesis.candidate().text());
        assertThat(last.tokens()).isGreaterThan(hypothesis.candidate().tokens());
        hypothesis = new Hypothesis(hypothesis.id() + 1, hypothesis.id(), last, 0, 1);
      }
      return hypothesis.candidate().text();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostOrDoubledWhereAnAnswerGoesOn(Server server) {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      String text = text(random);
      ChatWorld world = new ChatWorld(text, random, server.ways());
      OpenAiCompatible model = Worlds.model(world).api(OpenAiCompatible.Api.CHAT).build();
      int chunk = 1 + random.nextInt(8);
      assertThat(grown(model, chunk)).as("seed %d, chunks of %d", seed, chunk).isEqualTo(text);
      // Anthropic refuses space at the end, and templates trim it.
      assertThat(world.requests())
          .noneMatch(request -> request.matches("(?s).*(\\\\[nrt]| )\"(,\"prefix\":true)?}].*"));
    }
  }

  /** What is found out is remembered: a second search asks nothing but its rounds. */
  @ParameterizedTest
  @EnumSource
  void howAServerGoesOnIsFoundOutOnce(Server server) {
    ChatWorld world =
        new ChatWorld("It was a good movie, all in all.", new Random(5), server.ways());
    OpenAiCompatible model = Worlds.model(world).api(OpenAiCompatible.Api.CHAT).build();
    grown(model, 2);
    int before = world.requests().size();
    grown(model, 2);
    List<String> second =
        new ArrayList<>(world.requests().subList(before, world.requests().size()));
    boolean renders = second.removeIf(request -> request.matches("/(de)?tokenize .*|/apply.*"));
    assertThat(renders).isEqualTo(server.found == null);
    if (server.found == Continuation.WHOLE) {
      assertThat(second).singleElement().asString().contains("\"n\":3");
    } else {
      String field =
          server.found == Continuation.CONTINUE_FINAL
              ? "continue_final_message"
              : server.found == Continuation.PREFIX ? "\"prefix\":true" : "_tokens\"";
      assertThat(second.subList(3, second.size())).allSatisfy(r -> assertThat(r).contains(field));
    }
  }
}
