// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SearchSettingsTest {

  private static void assertRejected(ThrowingCallable construction, String message) {
    assertThatThrownBy(construction)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void factoriesAreSpecialCasesOfOneRecord() {
    int unlimited = SearchSettings.UNLIMITED;

    assertThat(SearchSettings.defaults()).isEqualTo(settings(new ChunkBeam(4, 4, 5), 2048));
    assertThat(SearchSettings.chunkBeam(2, 3, 30))
        .isEqualTo(settings(new ChunkBeam(2, 3, 30), 2048));
    assertThat(SearchSettings.bestOf(16))
        .isEqualTo(settings(new ChunkBeam(1, 16, unlimited), 2048));
    assertThat(SearchSettings.plainSampling())
        .isEqualTo(settings(new ChunkBeam(1, 1, unlimited), 2048));
  }

  private static SearchSettings settings(ChunkBeam beam, int maxTokens) {
    return new SearchSettings(beam, maxTokens, Budget.none(), Guard.none());
  }

  @Test
  void withersChangeOneComponent() {
    Budget budget = Budget.none().withTime(Duration.ofSeconds(1)).withTokens(2).withCalls(3);
    Guard guard = (contenders, places) -> List.of(contenders.get(0).hypothesis());
    ChunkBeam beam = new ChunkBeam(2, 2, 2);

    assertThat(budget).isEqualTo(new Budget(Duration.ofSeconds(1), 2, 3));
    assertThat(
            SearchSettings.defaults()
                .withMaxTokens(50)
                .withBudget(budget)
                .withGuard(guard)
                .withMethod(beam))
        .isEqualTo(new SearchSettings(beam, 50, budget, guard));
  }

  @Test
  void onlyOneDrawARoundIsUnguided() {
    assertThat(SearchSettings.chunkBeam(1, 1, 5).hasChoice()).isFalse();
    assertThat(SearchSettings.chunkBeam(2, 1, 5).hasChoice()).isTrue();
    assertThat(SearchSettings.chunkBeam(1, 2, 5).hasChoice()).isTrue();
  }

  @Test
  void settingsNameTheArgumentTheValueAndTheRule() {
    assertRejected(() -> SearchSettings.chunkBeam(0, 4, 5), "beamWidth is 0, must be at least 1");
    assertRejected(
        () -> SearchSettings.chunkBeam(4, -1, 5), "successors is -1, must be at least 1");
    assertRejected(() -> SearchSettings.chunkBeam(4, 4, 0), "chunkLength is 0, must be at least 1");
    assertRejected(
        () -> SearchSettings.defaults().withMaxTokens(0), "maxTokens is 0, must be at least 1");
  }

  @Test
  void theDrawsOfARoundAreBoundedWithoutOverflow() {
    assertThat(new ChunkBeam(32, 32, 5).beamWidth()).isEqualTo(32);
    assertRejected(
        () -> SearchSettings.chunkBeam(25, 41, 5),
        "beamWidth * successors is 25 * 41 = 1025, must be at most 1024");
    assertRejected( // 65536 * 65536 is 0 in int arithmetic
        () -> SearchSettings.chunkBeam(65536, 65536, 5),
        "beamWidth * successors is 65536 * 65536 = 4294967296, must be at most 1024");
  }

  @Test
  void budgetsMustBePositive() {
    assertRejected(() -> Budget.none().withTime(Duration.ZERO), "time is PT0S, must be positive");
    assertRejected(
        () -> Budget.none().withTime(Duration.ofMillis(-1)), "time is PT-0.001S, must be positive");
    assertRejected(() -> Budget.none().withTokens(0), "tokens is 0, must be at least 1");
    assertRejected(() -> Budget.none().withCalls(-3), "calls is -3, must be at least 1");
  }

  @Test
  void candidatesAndRequestsAreChecked() {
    Candidate ended = new Candidate("x", 1, Candidate.Status.ENDED);

    assertRejected(
        () -> new Candidate("", -1, Candidate.Status.OPEN), "tokens is -1, must not be negative");
    assertRejected(
        () -> new DrawRequest(new Hypothesis(1, 0, ended, 0, 1), 1, 1),
        "hypothesis is ENDED, must be OPEN to be continued");
    assertRejected(
        () -> new DrawRequest(Hypothesis.root(), 0, 1), "draws is 0, must be at least 1");
    assertRejected(
        () -> new DrawRequest(Hypothesis.root(), 1, 0), "maxTokens is 0, must be at least 1");
  }

  @Test
  void hypothesesAreChecked() {
    Candidate open = Candidate.empty();

    assertRejected(
        () -> new Hypothesis(1, 2, open, 0, 1),
        "id is 1 and parent 2, must be at least 0, the parent not above the id");
    assertRejected(
        () -> new Hypothesis(-1, -1, open, 0, 1),
        "id is -1 and parent -1, must be at least 0, the parent not above the id");
    assertRejected(() -> new Hypothesis(1, 0, open, 0, 0), "draws is 0, must be at least 1");
    assertRejected(
        () -> new SamplingCost(-1, 0),
        "calls is -1, tokens 0 and steeringTokens 0, must not be negative");
    assertRejected(
        () -> new Candidate("a", "b", 1, Candidate.Status.ENDED, null),
        "heldBack is 'b', must be empty in a response that is ENDED");
  }

  @Test
  void aHandleIsNoPartOfWhatMakesTwoCandidatesEqual() {
    Candidate one = new Candidate("a", "b", 1, Candidate.Status.OPEN, List.of(1));

    assertThat(one)
        .isEqualTo(new Candidate("a", "b", 1, Candidate.Status.OPEN, null))
        .hasSameHashCodeAs(new Candidate("a", "b", 1, Candidate.Status.OPEN, null))
        .isNotEqualTo(new Candidate("a", "c", 1, Candidate.Status.OPEN, List.of(1)))
        .isNotEqualTo(new Candidate("x", "b", 1, Candidate.Status.OPEN, List.of(1)))
        .isNotEqualTo(new Candidate("a", "b", 2, Candidate.Status.OPEN, List.of(1)))
        .isNotEqualTo(new Candidate("a", 1, Candidate.Status.CUT));
    assertThat(one.hashCode())
        .isNotEqualTo(new Candidate("x", 1, Candidate.Status.OPEN).hashCode());
  }

  @Test
  void aResultNeedsAHypothesis() {
    assertRejected(
        () -> new SearchResult(List.of(), 1, StopReason.ENDED, new Usage(0, 0, 0, 0), null),
        "hypotheses is empty, must hold at least one");
  }
}
