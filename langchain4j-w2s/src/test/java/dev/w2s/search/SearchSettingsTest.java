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
    Budget none = Budget.none();
    int unlimited = SearchSettings.UNLIMITED;

    assertThat(SearchSettings.defaults()).isEqualTo(new SearchSettings(4, 4, 5, 2048, none));
    assertThat(SearchSettings.chunkBeam(2, 3, 30))
        .isEqualTo(new SearchSettings(2, 3, 30, 2048, none));
    assertThat(SearchSettings.bestOf(16))
        .isEqualTo(new SearchSettings(1, 16, unlimited, 2048, none));
    assertThat(SearchSettings.plainSampling())
        .isEqualTo(new SearchSettings(1, 1, unlimited, 2048, none));
  }

  @Test
  void withersChangeOneComponent() {
    Budget budget = Budget.none().withTime(Duration.ofSeconds(1)).withTokens(2).withCalls(3);

    assertThat(budget).isEqualTo(new Budget(Duration.ofSeconds(1), 2, 3));
    assertThat(SearchSettings.defaults().withMaxTokens(50).withBudget(budget))
        .isEqualTo(new SearchSettings(4, 4, 5, 50, budget));
  }

  @Test
  void onlyOneDrawARoundIsUnguided() {
    assertThat(SearchSettings.chunkBeam(1, 1, 5).isGuided()).isFalse();
    assertThat(SearchSettings.chunkBeam(2, 1, 5).isGuided()).isTrue();
    assertThat(SearchSettings.chunkBeam(1, 2, 5).isGuided()).isTrue();
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
    assertThat(SearchSettings.chunkBeam(32, 32, 5).beamWidth()).isEqualTo(32);
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
        () -> new DrawRequest(ended, 1, 1), "hypothesis is ENDED, must be OPEN to be continued");
    assertRejected(
        () -> new DrawRequest(Candidate.empty(), 0, 1), "draws is 0, must be at least 1");
    assertRejected(
        () -> new DrawRequest(Candidate.empty(), 1, 0), "maxTokens is 0, must be at least 1");
  }

  @Test
  void aResultNeedsAHypothesis() {
    assertRejected(
        () -> new SearchResult(List.of(), List.of(), StopReason.ENDED, new Usage(0, 0, 0), null),
        "hypotheses is empty, must hold at least one");
  }
}
