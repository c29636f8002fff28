// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairSession;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.GenerationSession;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.LocalModelSampler;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is called safe for several threads gives 32 of them what it gives one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreadSafetyTest {
  private static final int THREADS = 32;
  private static final List<String> TEXTS = List.of(" great", " dull.", " a film I loved", "");
  private static final SamplingParameters SAMPLING =
      new SamplingParameters(0.7, 50, 1, List.of(" the"));

  private CausalModel model;
  private GuidancePair pair;
  private SequenceClassifier judge;

  @BeforeAll
  void load() {
    model = CausalModel.load("embedded:movie-reviews/untuned");
    pair = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
    judge = SequenceClassifier.load("embedded:movie-reviews/gold", Placement.AUTO);
  }

  @AfterAll
  void close() {
    model.close();
    pair.close();
    judge.close();
  }

  /** Runs a task for 32 numbers, one after the other and then all at once. */
  private static <T> void assertSame(IntFunction<T> task) {
    List<T> alone = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      alone.add(task.apply(i));
    }
    CountDownLatch ready = new CountDownLatch(THREADS);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<CompletableFuture<T>> together = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        together.add(
            CompletableFuture.supplyAsync(
                () -> {
                  awaitAll(ready);
                  return task.apply(number);
                },
                threads));
      }
      assertThat(together.stream().map(CompletableFuture::join)).isEqualTo(alone);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void awaitAll(CountDownLatch ready) {
    ready.countDown();
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String prompt(int number) {
    return "This movie, number " + number % 5 + ", was";
  }

  private static List<Response> responses(int number) {
    return TEXTS.stream().map(text -> new Response(text, number % 2 == 0)).toList();
  }

  @Test
  void aModelScores() {
    assertSame(
        i -> {
          try (ScoringSession session = model.openScoring(Rendered.raw(prompt(i)))) {
            return List.of(session.score(responses(i)), session.score(responses(i + 1)));
          }
        });
  }

  @Test
  void aModelGenerates() {
    assertSame(
        i -> {
          try (LocalModelSampler sampler =
              LocalModelSampler.open(model, Rendered.raw(prompt(i)), SAMPLING, i)) {
            List<Candidate> first =
                sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 3, 4))).get(0);
            return first.stream().map(Candidate::wholeText).toList();
          }
        });
  }

  @Test
  void aPairAClassifierAndATokenizerServeAll() {
    assertSame(
        i -> {
          try (PairSession session = pair.openSession(Prompt.of(prompt(i)))) {
            return session.score(responses(i));
          }
        });
    assertSame(i -> judge.logProbabilities(prompt(i)));
    assertSame(i -> model.tokenizer().encode(prompt(i), true));
  }

  @Test
  void aGuidedModelAnswersAll() {
    assertSame(
        i -> {
          WeakToStrongLanguageModel guided =
              WeakToStrongLanguageModel.builder()
                  .delegate(new LocalLanguageModel(model, SAMPLING, 10, (long) i))
                  .pair(pair)
                  .beamWidth(2)
                  .successors(2)
                  .build();
          return guided.generate(prompt(i)).content();
        });
  }

  /** A close waits for the calls under way, and later ones are refused; the JVM lives. */
  @Test
  void aModelClosedWhileOthersAreInsideRefusesThem() {
    CausalModel closing = CausalModel.load("embedded:movie-reviews/untuned");
    CountDownLatch inside = new CountDownLatch(4);
    List<CompletableFuture<Throwable>> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int seed = i;
      callers.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  while (true) {
                    inside.countDown();
                    try (GenerationSession session =
                        closing.openGeneration(Rendered.raw("The film"), SAMPLING, seed)) {
                      session.promptTokens();
                    }
                    try (ScoringSession session = closing.openScoring(Rendered.raw("The film"))) {
                      session.score(responses(seed));
                    }
                  }
                } catch (RuntimeException e) {
                  return e;
                }
              }));
    }
    awaitAll(inside);
    closing.close();
    assertThat(callers)
        .allSatisfy(
            caller ->
                assertThat(caller.join())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed"));
  }
}
