// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.search.AgreedText;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Sends the text of one answer in pieces: during the search what all hypotheses share, at its end
 * the rest, word by word.
 */
final class TextStream implements SearchListener {
  private static final Pattern WORD = Pattern.compile("(?<=\\s)(?=\\S)");

  private final Consumer<String> out;
  private final AgreedText agreed = new AgreedText();

  TextStream(Consumer<String> out) {
    this.out = out;
  }

  @Override
  public void onRound(Round round) {
    send(agreed.next(round.kept()));
  }

  /** Sends what is left of the whole text. */
  void finish(String whole) {
    WORD.splitAsStream(agreed.rest(whole)).forEach(this::send);
  }

  private void send(String piece) {
    if (!piece.isEmpty()) {
      out.accept(piece);
    }
  }
}
