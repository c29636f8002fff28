// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Two models on different devices work at the same time, on one device in turn. */
class PairOnTwoDevicesTest {
  private static final List<Response> RESPONSES = List.of(new Response("a", false));

  /** A model that is through when the other one works too, or says that it was alone. */
  private record Meeting(String device, CyclicBarrier both, double nats) implements ResponseScores {
    private static final int PATIENCE_MS = 300;

    @Override
    public List<List<Score>> scoreEach(List<Response> responses) {
      try {
        both.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException | BrokenBarrierException e) {
        throw new IllegalStateException("alone", e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
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
}
