// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.prompt.Rendered;

/**
 * What is added to the logits of every next token: {@code beta * (log tuned - log untuned)}, each
 * given the response so far to the prompt as that model reads it. Emulated fine-tuning (Mitchell et
 * al. 2023; a rival of the search in Zhou et al. 2024).
 *
 * @param tuned of the small models the one that was tuned; stays the caller's
 * @param tunedPrompt as it reads the prompt
 * @param untuned the one that it came from, or the same; stays the caller's
 * @param untunedPrompt as that reads the prompt
 * @param beta how strongly it steers; 0 not at all, and the two are not run; a negative one away
 */
public record Steering(
    CausalModel tuned,
    Rendered tunedPrompt,
    CausalModel untuned,
    Rendered untunedPrompt,
    double beta) {

  /**
   * @throws IllegalArgumentException if beta is not finite
   */
  public Steering {
    if (!Double.isFinite(beta)) {
      throw new IllegalArgumentException("beta is " + beta + "; it must be a finite number");
    }
  }
}
