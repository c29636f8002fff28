// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

/**
 * Tokens of a response and their text, from which {@link ResponseDecoder} goes on.
 *
 * @param tokens all of them
 * @param text of the first of them, as far as the last character that is whole; it stays as it is
 *     when the response goes on
 * @param unfinished what the remaining tokens come to if the response ends here, with a mark for
 *     what is no character
 * @param settled how many tokens make up {@code text}
 */
public record DecodedResponse(TokenIds tokens, String text, String unfinished, int settled) {
  /** No token yet. */
  public static final DecodedResponse EMPTY = new DecodedResponse(TokenIds.none(), "", "", 0);

  /** The text of a response that ends here. */
  public String wholeText() {
    return text + unfinished;
  }
}
