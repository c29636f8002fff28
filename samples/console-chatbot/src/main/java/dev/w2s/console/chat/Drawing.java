// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import org.jspecify.annotations.Nullable;

/**
 * How the large model draws, for the whole conversation.
 *
 * @param maxTokens most tokens of an answer
 * @param temperature null for the model's own
 * @param seed same seed and conversation, same answer; null for another one each time
 */
public record Drawing(int maxTokens, @Nullable Double temperature, @Nullable Long seed) {

  /** Checks the numbers. */
  public Drawing {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + "; it must be at least 1");
    }
    if (temperature != null && !(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature is " + temperature + "; it must be a number, 0 or above");
    }
  }
}
