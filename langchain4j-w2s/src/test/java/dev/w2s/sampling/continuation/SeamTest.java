// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Places written by hand; ~ is a line's end, and ? a character whose bytes are not all there. */
class SeamTest {

  private static String characters(String text) {
    return text.replace('~', '\n').replace('?', '\uFFFD');
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "PREFILL, ||, ||",
        "PREFILL, |a b|, |a b|",
        "PREFILL, |a b |, |a b|",
        "PREFILL, |a b ~~ |, |a b|",
        "PREFILL, |a b??|, |a b|",
        "PREFILL, |a ?|, |a|",
        "CONTINUE_FINAL, |a b|, |a b|",
        "INSTRUCTION, |one tw|, |one|",
        "INSTRUCTION, |one  tw|, |one|",
        "INSTRUCTION, |one~tw|, |one|",
        "INSTRUCTION, |one two |, |one two|",
        "INSTRUCTION, |one two?|, |one two|",
        "INSTRUCTION, |word|, |word|",
        "INSTRUCTION, |電影|, |電影|",
      })
  void spaceAndWhatIsNotWholeAreDrawnAgain(Continuation way, String text, String sure) {
    assertThat(new Seam(way, /* repeats= */ false).settled(characters(text)))
        .isEqualTo(characters(sure).length());
  }

  @Test
  void whatComesBackFollowsTheGiven() {
    Seam seam = new Seam(Continuation.PREFILL, /* repeats= */ false);
    assertThat(seam.join("It was", " good.")).isEqualTo("It was good.");
    assertThat(seam.join("", " Good.")).isEqualTo(" Good.");
    // One that is not known to repeat may mean it.
    assertThat(seam.join("ha", "ha ha")).isEqualTo("haha ha");
  }

  @Test
  void whatIsRepeatedIsTakenOff() {
    Seam seam = new Seam(Continuation.PREFILL, /* repeats= */ true);
    assertThat(seam.join("It was", "It was good.")).isEqualTo("It was good.");
    assertThat(seam.join(" It was", " It was good.")).isEqualTo(" It was good.");
    assertThat(seam.join(" It was", "It was good.")).isEqualTo(" It was good.");
    assertThat(seam.join("It was", " good.")).isEqualTo("It was good.");
    assertThat(seam.join("", "It was")).isEqualTo("It was");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "It was, good., It was good.",
        "It was, | good.|, It was good.",
        "It was, ~good., It was~good.",
        "It was, ||, It was",
        "|It was|, |, well|, |It was, well|",
        "It was, ., It was.",
        "It was, ;, It was;",
        "It was, :, It was:",
        "It was, !, It was!",
        "It was (so, ), It was (so)",
        "a 5, %, a 5%",
        "the movie, ’s end, the movie’s end",
        "It was, -, It was -",
        "映画, は, 映画は",
        "映画, ア, 映画ア",
        "映画, 館, 映画館",
        "This is a very good, very good movie., This is a very good movie.",
        "of second, second half, of second half",
        "of secon, secon half, of secon secon half",
        "second, second half, second half",
        "It was good., It was good., It was good.",
        "movie movie, movie movie!, movie movie!",
      })
  void aWordThatIsSaidAnewGetsItsSpaceAndTheLastWordsNoSecondTime(
      String given, String said, String joined) {
    assertThat(
            new Seam(Continuation.INSTRUCTION, /* repeats= */ false)
                .join(characters(given), characters(said)))
        .isEqualTo(characters(joined));
  }
}
