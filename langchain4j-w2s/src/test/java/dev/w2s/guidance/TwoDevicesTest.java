// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models and guides on different devices work at the same time, on one device in turn. */
class TwoDevicesTest {
  private static final List<Candidate> CANDIDATES =
      List.of(new Candidate("a", 1, Candidate.Status.OPEN));
  private static final List<Response> RESPONSES = List.of(new Response("a", false));

  private static final int PATIENCE_MS = 300;

  /** Waits for the other one's call, or says that there was none. */
  private static void meet(CyclicBarrier both) {
    try {
      both.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | BrokenBarrierException e) {
      throw new IllegalStateException("alone", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A model that is through when the other one works too. */
  private record Meeting(String device, CyclicBarrier both, double nats) implements ResponseScores {
    @Override
    public List<List<Score>> scoreEach(List<Response> responses) {
      meet(both);
      return List.of(Collections.nCopies(responses.size(), new Score(nats, 1)));
    }

    @Override
    public List<Boolean> fit(List<Response> responses) {
      return Collections.nCopies(responses.size(), true);
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private static PairSession pair(String first, String second) {
    CyclicBarrier both = new CyclicBarrier(2);
    return new PairSession(new Meeting(first, both, -1), new Meeting(second, both, -4));
  }

  @Test
  void twoDevicesWorkAtTheSameTime() {
    try (PairSession session = pair("cuda:0", "cuda:1")) {
      assertThat(session.score(RESPONSES)).containsExactly(new PairScore(-1, -4, 1));
    }
  }

  @Test
  void oneDeviceWorksInTurn() {
    try (PairSession session = pair("cpu", "cpu")) {
      assertThatThrownBy(() -> session.score(RESPONSES)).hasMessage("alone");
    }
  }

  /** A model that notes on which thread it works; it may be behind a server. */
  private record Noted(boolean waits, AtomicReference<Thread> caller) implements ResponseScores {
    Noted(boolean waits) {
      this(waits, new AtomicReference<>());
    }

    @Override
    public List<List<Score>> scoreEach(List<Response> responses) {
      caller.set(Thread.currentThread());
      return List.of(Collections.nCopies(responses.size(), new Score(-1, 1)));
    }

    @Override
    public String device() {
      return waits ? "" : "cpu";
    }

    @Override
    public List<Boolean> fit(List<Response> responses) {
      return Collections.nCopies(responses.size(), true);
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServerIsWaitedForBesideAModelThatWorksOnTheCallersThread(boolean tunedWaits) {
    Noted tuned = new Noted(tunedWaits);
    Noted untuned = new Noted(!tunedWaits);
    try (PairSession session = new PairSession(tuned, untuned)) {
      session.score(RESPONSES);
    }
    Noted here = tunedWaits ? untuned : tuned;
    Noted beside = tunedWaits ? tuned : untuned;
    assertThat(here.caller()).hasValue(Thread.currentThread());
    assertThat(beside.caller().get()).isNotNull().isNotSameAs(Thread.currentThread());
  }

  @Test
  void aPairIsOnTheDevicesOfItsModels() {
    assertThat(devices("cuda:0", "cuda:1")).isEqualTo("cuda:0 cuda:1");
    assertThat(devices("cpu", "cpu")).isEqualTo("cpu");
    assertThat(devices("", "cpu")).as("one is behind a server").isEqualTo("cpu");
    assertThat(devices("", "")).isEmpty();
  }

  private static String devices(String first, String second) {
    try (PairSession session = pair(first, second)) {
      return session.device();
    }
  }

  /** A guide that is through when the other one works too. */
  private record MeetingGuide(String device, CyclicBarrier both, double nats) implements OnDevice {
    @Override
    public double[] score(List<Candidate> candidates) {
      meet(both);
      return new double[] {nats};
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private static CandidateScorer guides(CandidateScorer... scorers) {
    List<WeightedGuide> guides =
        Stream.of(scorers).map(scorer -> new WeightedGuide("g", prompt -> scorer, 2)).toList();
    return WeightedSum.open(guides, Prompt.of("p"));
  }

  @Test
  void guidesOnTwoDevicesWorkAtTheSameTimeAndOthersOnTheCallersThread() {
    CyclicBarrier both = new CyclicBarrier(2);
    List<Thread> callers = new ArrayList<>();
    CandidateScorer ofTheUser =
        Guide.of(
                (prompt, response) -> {
                  callers.add(Thread.currentThread());
                  return 100;
                })
            .open(Prompt.of("p"));
    try (CandidateScorer sum =
        guides(
            new MeetingGuide("cuda:0", both, 1), ofTheUser, new MeetingGuide("cuda:1", both, 10))) {
      assertThat(sum.score(CANDIDATES)).containsExactly(2 + 200 + 20);
    }
    assertThat(callers).containsExactly(Thread.currentThread());
  }

  /** A guide that works until it is interrupted, or for ever. */
  private record Endless(String device, CountDownLatch begun, CountDownLatch interrupted)
      implements OnDevice {
    @Override
    public double[] score(List<Candidate> candidates) {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
      return new double[candidates.size()];
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @Test
  void whenOneGuideFailsTheOtherOnesWorkIsGivenUp() throws InterruptedException {
    Endless other = new Endless("cuda:1", new CountDownLatch(1), new CountDownLatch(1));
    CandidateScorer failing =
        Guide.of(
                (prompt, response) -> {
                  awaitQuietly(other.begun());
                  throw new IllegalStateException("no score");
                })
            .open(Prompt.of("p"));
    try (CandidateScorer sum = guides(failing, other)) {
      assertThatThrownBy(() -> sum.score(CANDIDATES)).hasMessage("no score");
    }
    assertThat(other.interrupted().await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void guidesOnOneDeviceWorkInTurn() {
    CyclicBarrier both = new CyclicBarrier(2);
    try (CandidateScorer sum =
        guides(new MeetingGuide("cpu", both, 1), new MeetingGuide("cpu", both, 10))) {
      assertThatThrownBy(() -> sum.score(CANDIDATES)).hasMessage("alone");
    }
  }
}
