// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.search.Candidate.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The beam commits to what its best hypothesis was some tokens ago. */
class CommitLagTest {

  private static Hypothesis hypothesis(int id, int parent, String text, int tokens, double score) {
    return new Hypothesis(id, parent, new Candidate(text, tokens, Status.OPEN), score, 1);
  }

  private static List<String> told(SearchStrategy strategy, Hypothesis... fresh) {
    strategy.tell(List.of(fresh));
    return strategy.best().stream().map(kept -> kept.candidate().text()).toList();
  }

  @Test
  void dropsWhatPartsBeforeTheLag() {
    SearchStrategy strategy = new ChunkBeam(3, 1, 2, 2).start(Guard.none());
    assertThat(
            told(
                strategy,
                hypothesis(1, 0, "aa", 2, 3),
                hypothesis(2, 0, "bb", 2, 2),
                hypothesis(3, 0, "cc", 2, 1)))
        .containsExactly("aa", "bb", "cc");
    // The best is now below bb; two tokens before its end it was bb, which aacc is not.
    assertThat(
            told(
                strategy,
                hypothesis(4, 2, "bbdd", 4, 9),
                hypothesis(5, 1, "aacc", 4, 8),
                hypothesis(6, 2, "bbaa", 4, 7)))
        .containsExactly("bbdd", "bbaa");
  }

  @Test
  void aLagWithinAChunkIsRoundedUpToItsBeginning() {
    SearchStrategy strategy = new ChunkBeam(2, 1, 4, 1).start(Guard.none());
    told(strategy, hypothesis(1, 0, "aaaa", 4, 3), hypothesis(2, 0, "bbbb", 4, 2));
    assertThat(
            told(strategy, hypothesis(3, 1, "aaaacccc", 8, 5), hypothesis(4, 2, "bbbbcccc", 8, 4)))
        .containsExactly("aaaacccc");
  }

  @Test
  void lagZeroKeepsTheBestAlone() {
    SearchStrategy strategy = new ChunkBeam(3, 2, 2, 0).start(Guard.none());
    assertThat(
            told(
                strategy,
                hypothesis(1, 0, "ab", 2, 1),
                hypothesis(2, 0, "aa", 2, 3),
                hypothesis(3, 0, "ac", 2, 2)))
        .containsExactly("aa");
  }

  /** A closed one that is shorter may become the best; what is settled stays settled. */
  @Test
  void neverTakesBackWhatIsSettled() {
    SearchStrategy strategy = new ChunkBeam(2, 1, 2, 2).start(Guard.none());
    told(strategy, hypothesis(1, 0, "aa", 2, 3), hypothesis(2, 0, "bb", 2, 2));
    told(strategy, hypothesis(3, 1, "aabb", 4, 3), hypothesis(4, 2, "bbbb", 4, 2));
    Hypothesis ended = new Hypothesis(6, 3, new Candidate("aabb", 5, Status.ENDED), 9, 1);
    assertThat(told(strategy, hypothesis(5, 3, "aabbaa", 6, 4), ended))
        .containsExactly("aabb", "aabbaa");
  }

  @Test
  void refusesANegativeLag() {
    assertThatThrownBy(() -> new ChunkBeam(1, 1, 1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("commitLag is -1, must be at least 0");
    assertThat(new ChunkBeam(1, 2, 3)).isEqualTo(new ChunkBeam(1, 2, 3, SearchSettings.UNLIMITED));
  }
}
