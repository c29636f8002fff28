// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WrapTest {

  @Test
  void linesEndAtSpaces() {
    assertThat(Wrap.lines("a quiet wonder of a movie", 10))
        .containsExactly("a quiet", "wonder of", "a movie");
  }

  @Test
  void aWordThatIsWiderThanTheLineIsBroken() {
    assertThat(Wrap.lines("an unbelievable end", 6))
        .containsExactly("an", "unbeli", "evable", "end");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndEndALineAnywhere() {
    assertThat(Wrap.lines("日本語の映画", 5)).containsExactly("日本", "語の", "映画");
  }

  @Test
  void accentsOfTheirOwnTakeNoColumn() {
    assertThat(Wrap.lines("cafe\u0301 cafe\u0301", 9)).containsExactly("cafe\u0301 cafe\u0301");
    assertThat(Wrap.lines("cafe\u0301 cafe\u0301", 8)).containsExactly("cafe\u0301", "cafe\u0301");
  }

  @Test
  void linesOfTheTextStay() {
    assertThat(Wrap.lines("one\n\ntwo", 10)).containsExactly("one", "", "two");
  }

  @Test
  void spacesWithinALineStayAndThoseAtABreakGo() {
    assertThat(Wrap.lines("if x:\n    y  = 1     + 2", 12))
        .containsExactly("if x:", "    y  = 1", "+ 2");
  }

  @Test
  void withoutWidthTheTextIsAsItIs() {
    assertThat(Wrap.lines("  a  b ".repeat(40), 0)).containsExactly("  a  b ".repeat(40));
  }

  @Test
  void aWordWaitsUntilItIsWhole() {
    Wrap wrap = new Wrap(10);
    assertThat(wrap.accept("a won")).isEqualTo("a");
    assertThat(wrap.accept("der ")).isEqualTo(" wonder");
    assertThat(wrap.finish()).isEmpty();
  }

  @Test
  void piecesMakeTheSameLinesAsTheWhole() {
    Random random = new Random(3);
    String text = "It was a good movie, 日本語 too, and unbelievably\nlong. ".repeat(5);
    for (int run = 0; run < 200; run++) {
      int width = 4 + random.nextInt(30);
      Wrap wrap = new Wrap(width);
      StringBuilder out = new StringBuilder();
      for (String piece : pieces(text, random)) {
        out.append(wrap.accept(piece));
      }
      out.append(wrap.finish());
      assertThat(out.toString().lines().toList()).isEqualTo(Wrap.lines(text, width));
      assertThat(out.toString().lines()).allMatch(line -> Width.of(line) <= width);
    }
  }

  private static List<String> pieces(String text, Random random) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(9));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }
}
