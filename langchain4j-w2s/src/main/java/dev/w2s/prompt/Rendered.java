// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

/**
 * What one model reads of a prompt.
 *
 * @param text at least one character
 * @param specialTokens whether the tokenizer still has to put its own special tokens (BOS) in
 *     front; a chat template writes them itself
 */
public record Rendered(String text, boolean specialTokens) {

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public Rendered {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("prompt is empty; it must have at least one character");
    }
  }

  /**
   * Raw text, before which the tokenizer puts its special tokens.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static Rendered raw(String text) {
    return new Rendered(text, /* specialTokens= */ true);
  }
}
