// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsStreamTest {
  private static final Thinking OPENED = new Thinking(ThinkingTags.THINK, true);

  private final List<String> told = new ArrayList<>();

  @Test
  void eachPartComesInPiecesAndNoneTwice() {
    PartsStream stream =
        new PartsStream(OPENED, piece -> told.add("? " + piece), piece -> told.add("! " + piece));
    for (String piece : List.of("Hm", ".</th", "ink>\n", "\nGo", "od")) {
      stream.accept(piece);
    }
    stream.finish();
    assertThat(told).containsExactly("? Hm", "? .", "! Go", "! od");
  }

  @Test
  void aTagThatNeverCameIsThinking() {
    PartsStream stream =
        new PartsStream(OPENED, piece -> told.add("? " + piece), piece -> told.add("! " + piece));
    stream.accept("Hm</th");
    stream.finish();
    assertThat(told).containsExactly("? Hm", "? </th");
  }

  /** One piece ends the thinking and begins the answer. */
  @Test
  void noCallbackFollowsTheOneThatCancels() {
    CancelHandle handle = new CancelHandle();
    PartsStream stream =
        new PartsStream(
            OPENED,
            handle.unlessCancelled(
                piece -> {
                  told.add(piece);
                  handle.cancel();
                }),
            handle.unlessCancelled(told::add));
    stream.accept("Hm.</think>Good");
    stream.finish();
    assertThat(told).containsExactly("Hm.");
  }
}
