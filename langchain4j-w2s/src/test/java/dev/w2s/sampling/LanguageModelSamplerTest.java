// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.StopStrings;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LanguageModelSamplerTest {
  /** A token is a character: what is cut where can be read off the text. */
  private static final ChunkCutter CHARACTERS =
      (text, tokens) -> {
        String beginning = text.substring(0, Math.min(text.length(), tokens));
        return new ChunkCutter.Chunk(beginning, beginning.length());
      };

  private static LanguageModelSampler sampler(LanguageModel model, String... stop) {
    return sampler(model, 1, stop);
  }

  private static LanguageModelSampler sampler(
      LanguageModel model, int concurrency, String... stop) {
    return new LanguageModelSampler(
        model,
        "P:",
        CHARACTERS,
        new StopStrings(List.of(stop)),
        new ParallelCalls(concurrency, null));
  }

  private static LanguageModel answering(Map<String, Response<String>> answers) {
    return prompt -> answers.get(prompt);
  }

  private static DrawRequest request(Candidate from, int draws, int tokens) {
    return new DrawRequest(new Hypothesis(0, 0, from, 0, 1), draws, tokens);
  }

  private static Candidate sampleOne(LanguageModelSampler sampler, Candidate from, int tokens) {
    return sampler.sample(List.of(request(from, 1, tokens))).get(0).get(0);
  }

  @Test
  void anAnswerIsCutAfterTheChunksTokens() {
    try (LanguageModelSampler sampler = sampler(prompt -> Response.from("abcdef"))) {
      assertThat(sampleOne(sampler, Candidate.empty(), 4))
          .isEqualTo(new Candidate("abcd", 4, Status.OPEN));
    }
  }

  @Test
  void aStopStringMayBeAllThereIs() {
    try (LanguageModelSampler sampler = sampler(prompt -> Response.from("STOP it"), "STOP")) {
      assertThat(sampleOne(sampler, Candidate.empty(), 7))
          .isEqualTo(new Candidate("", 7, Status.ENDED));
    }
  }

  /** A JVM that has nothing else to do need not wait for a delegate. */
  @Test
  void parallelCallsDoNotKeepTheJvmAlive() {
    Set<Boolean> daemons = ConcurrentHashMap.newKeySet();
    LanguageModel model =
        prompt -> {
          daemons.add(Thread.currentThread().isDaemon());
          return Response.from("a");
        };
    try (LanguageModelSampler sampler = sampler(model, 2)) {
      sampler.sample(List.of(request(Candidate.empty(), 4, 1)));
    }
    assertThat(daemons).containsExactly(true);
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
    LanguageModel model =
        answering(Map.of("P:", Response.from("ab#!"), "P:ab#", Response.from("#cd")));
    try (LanguageModelSampler sampler = sampler(model, "##", "zz")) {
      Candidate open = sampleOne(sampler, Candidate.empty(), 3);
      assertThat(open).isEqualTo(new Candidate("ab", "#", 3, Status.OPEN, null));
      assertThat(sampleOne(sampler, open, 2)).isEqualTo(new Candidate("ab", 5, Status.ENDED));
    }
  }

  @Test
  void whatNoStopStringCutsComesOutAfterAll() {
    LanguageModel model =
        answering(Map.of("P:", Response.from("ab#!"), "P:ab#", Response.from("cd")));
    try (LanguageModelSampler sampler = sampler(model, "##", "#zz")) {
      Candidate open = sampleOne(sampler, Candidate.empty(), 3);
      assertThat(open.text()).isEqualTo("ab");
      assertThat(sampleOne(sampler, open, 1)).isEqualTo(new Candidate("ab#c", 4, Status.OPEN));
      assertThat(sampleOne(sampler, open, 9)).isEqualTo(new Candidate("ab#cd", 5, Status.ENDED));
    }
  }

  /** Of stop strings that overlap the one that begins first counts, wherever chunks end. */
  @Test
  void overlappingStopStringsCutAtTheFirst() {
    String answer = "answer STOP trailing";
    for (int chunk = 1; chunk <= answer.length(); chunk++) {
      LanguageModel model =
          prompt -> Response.from(answer.substring(prompt.length() - "P:".length()) + "...");
      try (LanguageModelSampler sampler = sampler(model, "STOP trailing", "OP", "STOP")) {
        Candidate response = Candidate.empty();
        while (response.isOpen()) {
          String before = response.text();
          response = sampleOne(sampler, response, chunk);
          assertThat(response.text()).startsWith(before);
        }
        assertThat(response.text()).as("chunks of %d", chunk).isEqualTo("answer ");
      }
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
      try (LanguageModelSampler sampler = sampler(model, concurrency)) {
        List<DrawRequest> requests = List.of(request(Candidate.empty(), 2, 3));
        assertThatThrownBy(() -> sampler.sample(requests)).isSameAs(failure);
      }
    }
  }

  @Test
  void callsAndTokensAreCounted() {
    Response<String> answer = Response.from("abc", new TokenUsage(7, 3), FinishReason.LENGTH);
    try (LanguageModelSampler sampler = sampler(prompt -> answer)) {
      sampler.sample(List.of(request(Candidate.empty(), 4, 3)));
      sampler.sample(List.of(request(new Candidate("abc", 3, Status.OPEN), 2, 3)));
      assertThat(sampler.cost()).isEqualTo(new SamplingCost(6, 18));
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
            request(new Candidate("a", 1, Status.OPEN), 1, 9),
            request(new Candidate("b", 1, Status.OPEN), 1, 9),
            request(new Candidate("c", 1, Status.OPEN), 1, 9));
    try (LanguageModelSampler sampler = sampler(model, 3)) {
      assertThat(sampler.sample(requests))
          .extracting(row -> row.get(0).text())
          .containsExactly("aP:A", "bP:B", "cP:C");
    }
    assertThat(threads).allMatch(name -> name.startsWith("w2s-sampling"));
  }

  /** One answer in three is empty, null or missing; the others are good. */
  private static LanguageModel unreliable(Response<String> odd, RuntimeException failure) {
    AtomicInteger call = new AtomicInteger();
    return prompt -> {
      int number = call.getAndIncrement() % 3;
      if (number == 1 && failure != null) {
        throw failure;
      }
      return number == 1 ? odd : Response.from("abcd", new TokenUsage(7, 3), FinishReason.LENGTH);
    };
  }

  @Test
  void oneEmptyAnswerAmongGoodOnesIsAResponseThatEndedAtOnce() {
    try (LanguageModelSampler sampler = sampler(unreliable(Response.from(""), null))) {
      assertThat(sampler.sample(List.of(request(Candidate.empty(), 3, 2))).get(0))
          .containsExactly(
              new Candidate("ab", 2, Status.OPEN),
              new Candidate("", 0, Status.ENDED),
              new Candidate("ab", 2, Status.OPEN));
    }
  }

  @Test
  void failedDrawsAreLeftOutAndWhatTheOthersCostIsCounted() {
    List<DrawRequest> requests =
        List.of(request(Candidate.empty(), 2, 2), request(Candidate.empty(), 4, 2));
    Response<String> cutToNothing = Response.from("", null, FinishReason.LENGTH);
    for (LanguageModel model :
        List.of(
            unreliable(null, new IllegalStateException("503")),
            unreliable(null, null),
            unreliable(cutToNothing, null))) {
      try (LanguageModelSampler sampler = sampler(model)) {
        List<List<Candidate>> answers = sampler.sample(requests);
        assertThat(answers).extracting(List::size).containsExactly(1, 3);
        assertThat(sampler.cost()).isEqualTo(new SamplingCost(6, 8));
        assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(28, 12));
      }
    }
  }

  @Test
  void callsThatWereMadeAreCountedAndAModelThatIsNotThereIsNotAskedSixteenTimes() {
    LanguageModel dead =
        prompt -> {
          throw new IllegalStateException("connection refused");
        };
    try (LanguageModelSampler sampler = sampler(dead)) {
      assertThatThrownBy(() -> sampler.sample(List.of(request(Candidate.empty(), 16, 2))))
          .hasMessage("connection refused");
      assertThat(sampler.cost()).isEqualTo(new SamplingCost(1, 0));
    }
  }

  @Test
  void anInterruptBetweenSerialCallsEndsTheRoundAndWhatWasMadeIsCounted() {
    LanguageModel interrupting =
        prompt -> {
          Thread.currentThread().interrupt();
          return Response.from("abc", new TokenUsage(7, 3), FinishReason.LENGTH);
        };
    try (LanguageModelSampler sampler = sampler(interrupting)) {
      assertThatThrownBy(() -> sampler.sample(List.of(request(Candidate.empty(), 16, 2))))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(sampler.cost()).isEqualTo(new SamplingCost(1, 2));
      assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(7, 3));
    }
  }

  @Test
  void anInterruptWhileWaitingForParallelCallsCancelsThem() throws InterruptedException {
    CountDownLatch called = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(2);
    AtomicBoolean once = new AtomicBoolean(true);
    Thread searching = Thread.currentThread();
    LanguageModel waiting =
        prompt -> {
          called.countDown();
          try {
            called.await();
            if (once.getAndSet(false)) {
              searching.interrupt();
            }
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          throw new IllegalStateException("interrupted");
        };
    try (LanguageModelSampler sampler = sampler(waiting, 2)) {
      assertThatThrownBy(() -> sampler.sample(List.of(request(Candidate.empty(), 4, 2))))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(interrupted.await(30, TimeUnit.SECONDS)).as("the calls are told").isTrue();
      assertThat(sampler.cost().calls()).isEqualTo(2);
    }
  }

  @Test
  void anErrorOfACallComesOutOfAllThreads() {
    Error error = new OutOfMemoryError("test");
    LanguageModel model =
        prompt -> {
          throw error;
        };
    for (int concurrency : new int[] {1, 3}) {
      try (LanguageModelSampler sampler = sampler(model, concurrency)) {
        List<DrawRequest> requests = List.of(request(Candidate.empty(), 2, 3));
        assertThatThrownBy(() -> sampler.sample(requests)).isSameAs(error);
      }
    }
  }

  /** The limit belongs to the large model: two searches share it. */
  @Test
  void callsAtATimeAreLimitedOverAllSearches() {
    ParallelCalls two = new ParallelCalls(2, null);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    LanguageModel model =
        prompt -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          running.decrementAndGet();
          return Response.from("abcd");
        };
    List<CompletableFuture<Integer>> searches =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () ->
                            new LanguageModelSampler(
                                    model, "P:", CHARACTERS, new StopStrings(List.of()), two)
                                .sample(List.of(request(Candidate.empty(), 50, 2)))
                                .get(0)
                                .size()))
            .limit(3)
            .toList();
    assertThat(searches).allSatisfy(search -> assertThat(search.join()).isEqualTo(50));
    assertThat(most.get()).isBetween(1, 2);
  }
}
