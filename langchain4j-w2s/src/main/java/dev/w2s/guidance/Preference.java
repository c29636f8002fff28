// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNull;

import dev.w2s.prompt.Prompt;

/**
 * What a user prefers of two responses.
 *
 * @param prompt what both respond to
 * @param chosen the better one
 * @param rejected the other one
 * @param ended whether both really ended, so that their ends count; texts that were cut did not
 */
public record Preference(Prompt prompt, String chosen, String rejected, boolean ended) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the two are the same text
   */
  public Preference {
    requireNonNull(prompt, "prompt");
    requireNonNull(rejected, "rejected");
    if (chosen.equals(rejected)) {
      throw new IllegalArgumentException(
          "chosen and rejected are both '" + chosen + "'; they must differ");
    }
  }
}
