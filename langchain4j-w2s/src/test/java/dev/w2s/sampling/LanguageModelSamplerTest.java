// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LanguageModelSamplerTest {
  /** A token is a character: what is cut where can be read off the text. */
  private static final ChunkCutter CHARACTERS =
      (text, tokens) -> {
        String beginning = text.substring(0, Math.min(text.length(), tokens));
        return new ChunkCutter.Chunk(beginning, beginning.length());
      };

  private static LanguageModelSampler sampler(LanguageModel model, String... stop) {
    return new LanguageModelSampler(model, "P:", CHARACTERS, List.of(stop), 1);
  }

  private static LanguageModel answering(Map<String, Response<String>> answers) {
    return prompt -> answers.get(prompt);
  }

  private static Candidate sampleOne(LanguageModelSampler sampler, Candidate from, int tokens) {
    return sampler.sample(List.of(new DrawRequest(from, 1, tokens))).get(0).get(0);
  }

  @Test
  void anAnswerIsCutAfterTheChunksTokens() {
    try (LanguageModelSampler sampler = sampler(prompt -> Response.from("abcdef"))) {
      assertThat(sampleOne(sampler, Candidate.empty(), 4))
          .isEqualTo(new Candidate("abcd", 4, Status.OPEN));
    }
  }

  @Test
  void promptAndResponseSoFarGoIn() {
    Candidate hypothesis = new Candidate("ab", 2, Status.OPEN);
    LanguageModel model = answering(Map.of("P:ab", Response.from("cdefg")));
    try (LanguageModelSampler sampler = sampler(model)) {
      assertThat(sampleOne(sampler, hypothesis, 3))
          .isEqualTo(new Candidate("abcde", 5, Status.OPEN));
    }
  }

  @Test
  void anAnswerThatFitsHasEndedUnlessALimitCutIt() {
    try (LanguageModelSampler sampler = sampler(prompt -> Response.from("abc"))) {
      assertThat(sampleOne(sampler, Candidate.empty(), 3))
          .isEqualTo(new Candidate("abc", 3, Status.ENDED));
    }
    Response<String> cut = Response.from("abc", null, FinishReason.LENGTH);
    try (LanguageModelSampler sampler = sampler(prompt -> cut)) {
      assertThat(sampleOne(sampler, Candidate.empty(), 9))
          .isEqualTo(new Candidate("abc", 3, Status.OPEN));
    }
  }

  @Test
  void aStopStringEndsAResponseAlsoAcrossChunks() {
    Candidate hypothesis = new Candidate("ab#", 3, Status.OPEN);
    LanguageModel model = answering(Map.of("P:ab#", Response.from("#cd")));
    try (LanguageModelSampler sampler = sampler(model, "##", "zz")) {
      assertThat(sampleOne(sampler, hypothesis, 2)).isEqualTo(new Candidate("ab", 5, Status.ENDED));
    }
  }

  @Test
  void nothingMoreToSayIsAnEnd() {
    Candidate hypothesis = new Candidate("ab", 2, Status.OPEN);
    try (LanguageModelSampler sampler = sampler(prompt -> Response.from(""))) {
      assertThat(sampleOne(sampler, hypothesis, 2)).isEqualTo(new Candidate("ab", 2, Status.ENDED));
    }
  }

  @Test
  void nothingAtAllIsAnError() {
    try (LanguageModelSampler sampler = sampler(prompt -> Response.from(""))) {
      assertThatThrownBy(() -> sampleOne(sampler, Candidate.empty(), 2))
          .isInstanceOf(DelegateException.class)
          .hasMessageContaining("returned empty text");
    }
    try (LanguageModelSampler sampler = sampler(answering(Map.of()))) {
      assertThatThrownBy(() -> sampleOne(sampler, Candidate.empty(), 2))
          .isInstanceOf(DelegateException.class)
          .hasMessageContaining("returned null");
    }
  }

  @Test
  void whatTheModelThrowsComesOutAsItIs() {
    RuntimeException failure = new RuntimeException("429");
    LanguageModel model =
        prompt -> {
          throw failure;
        };
    for (int concurrency : new int[] {1, 3}) {
      try (LanguageModelSampler sampler =
          new LanguageModelSampler(model, "P:", CHARACTERS, List.of(), concurrency)) {
        List<DrawRequest> requests = List.of(new DrawRequest(Candidate.empty(), 2, 3));
        assertThatThrownBy(() -> sampler.sample(requests)).isSameAs(failure);
      }
    }
  }

  @Test
  void callsAndTokensAreCounted() {
    Response<String> answer = Response.from("abc", new TokenUsage(7, 3), FinishReason.LENGTH);
    try (LanguageModelSampler sampler = sampler(prompt -> answer)) {
      sampler.sample(List.of(new DrawRequest(Candidate.empty(), 4, 3)));
      sampler.sample(List.of(new DrawRequest(new Candidate("abc", 3, Status.OPEN), 2, 3)));
      assertThat(sampler.calls()).isEqualTo(6);
      assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(42, 18));
    }
  }

  @Test
  void parallelCallsOverlapAndKeepTheirOrder() {
    CountDownLatch allIn = new CountDownLatch(3);
    Set<String> threads = ConcurrentHashMap.newKeySet();
    LanguageModel model =
        prompt -> {
          threads.add(Thread.currentThread().getName());
          allIn.countDown();
          try {
            assertThat(allIn.await(30, TimeUnit.SECONDS)).as("three calls at a time").isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Response.from(prompt.toUpperCase(Locale.ROOT));
        };
    List<DrawRequest> requests =
        List.of(
            new DrawRequest(new Candidate("a", 1, Status.OPEN), 1, 9),
            new DrawRequest(new Candidate("b", 1, Status.OPEN), 1, 9),
            new DrawRequest(new Candidate("c", 1, Status.OPEN), 1, 9));
    try (LanguageModelSampler sampler =
        new LanguageModelSampler(model, "P:", CHARACTERS, List.of(), 3)) {
      assertThat(sampler.sample(requests))
          .extracting(row -> row.get(0).text())
          .containsExactly("aP:A", "bP:B", "cP:C");
    }
    assertThat(threads).allMatch(name -> name.startsWith("w2s-sampling"));
  }

  @Test
  void concurrencyIsChecked() {
    assertThatThrownBy(
            () -> new LanguageModelSampler(prompt -> null, "P:", CHARACTERS, List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("concurrency is 0");
  }
}
