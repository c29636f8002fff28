// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.StopStrings;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Input;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServedCandidatesTest {
  private static final ServedCandidates CANDIDATES =
      new ServedCandidates(new StopStrings(List.of("STOP")));

  /** Goes on from "It was S", whose last letter may begin the stop string. */
  private static DrawRequest request(int maxTokens) {
    Candidate before = new Candidate("It was ", "S", 3, Status.OPEN, -2.0, null);
    return new DrawRequest(new Hypothesis(1, 0, before, 0, 1), 1, maxTokens);
  }

  private static Choice choice(String text, Finish finish, int tokens) {
    return new Choice(text, Input.of(text), finish, tokens, -1.5);
  }

  private static Candidate candidate(String more, Finish finish, int settled) {
    return CANDIDATES.of(
        request(5), choice(more, finish, 2), "It was S" + more, settled, 2, "handle");
  }

  @Test
  void whatGoesOnKeepsItsHandleAndAddsItsTokensAndLogProbability() {
    Candidate open = candidate("o good", Finish.LENGTH, 14);
    assertThat(open).isEqualTo(new Candidate("It was So good", 5, Status.OPEN));
    assertThat(open.logProbability()).isEqualTo(-3.5);
    assertThat(open.handle()).isEqualTo("handle");
  }

  @Test
  void whatIsNotSettledOrMayBecomeAStopStringIsHeldBack() {
    assertThat(candidate("o good", Finish.LENGTH, 9))
        .isEqualTo(new Candidate("It was So", " good", 5, Status.OPEN, null));
    assertThat(candidate("o ST", Finish.LENGTH, 12))
        .isEqualTo(new Candidate("It was So ", "ST", 5, Status.OPEN, null));
  }

  @Test
  void theModelOrAStopStringEndsIt() {
    Candidate ended = candidate("o good", Finish.STOP, 9);
    assertThat(ended).isEqualTo(new Candidate("It was So good", 5, Status.ENDED));
    Candidate stopped = candidate("TOP it", Finish.LENGTH, 13);
    assertThat(stopped).isEqualTo(new Candidate("It was ", 5, Status.ENDED));
    assertThat(List.of(ended, stopped))
        .allSatisfy(
            candidate -> {
              assertThat(candidate.logProbability()).isEqualTo(-3.5);
              assertThat(candidate.handle()).isNull();
            });
  }

  @Test
  void aStopStringMayBeAllThereIs() {
    DrawRequest first = new DrawRequest(Hypothesis.root(), 1, 5);
    Choice choice = choice("STOP it", Finish.LENGTH, 2);
    assertThat(CANDIDATES.of(first, choice, choice.text(), 7, 2, "handle"))
        .isEqualTo(new Candidate("", 2, Status.ENDED));
  }

  /** Where nobody tells, a text is taken to have a token for each four characters, and one more. */
  @ParameterizedTest
  @CsvSource({
    "7, LENGTH, 5, 7",
    "1, STOP, 5, 1",
    "0, LENGTH, 5, 5",
    "0, STOP, 5, 3",
    "0, STOP, 2, 2",
    "0, FILTERED, 5, 3",
    "0, LENGTH, 2147483647, 3",
    "0, STOP, 2147483647, 3",
  })
  void tokensAreToldAskedForOrEstimated(int told, Finish finish, int maxTokens, int expected) {
    assertThat(SearchSettings.UNLIMITED).isEqualTo(Integer.MAX_VALUE);
    assertThat(ServedCandidates.tokens(request(maxTokens), choice("12345678", finish, told)))
        .isEqualTo(expected);
  }

  @Test
  void aCharacterWhoseBytesAreNotAllThereIsNotWhole() {
    assertThat(ServedCandidates.wholeCharacters("a\uFFFDb\uFFFD\uFFFD")).isEqualTo(3);
    assertThat(ServedCandidates.wholeCharacters("ab")).isEqualTo(2);
    assertThat(ServedCandidates.wholeCharacters("\uFFFD")).isZero();
    assertThat(ServedCandidates.wholeCharacters("")).isZero();
  }
}
