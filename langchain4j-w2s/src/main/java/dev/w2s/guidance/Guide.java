// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.CandidateScorer;
import java.util.function.ToDoubleBiFunction;

/** What steers: opens a scorer for each search. Safe for use by several threads. */
@FunctionalInterface
public interface Guide {

  /**
   * Opens a scorer for one search.
   *
   * @param prompt shown to the guide's models in their own formats
   * @return to be closed by the caller
   * @throws IllegalArgumentException if the guide cannot be shown such a prompt
   * @throws dev.w2s.model.PositionLimitException if the prompt is longer than a model's positions
   */
  CandidateScorer open(Prompt prompt);

  /**
   * A guide by a function of prompt and response: a rule, a lookup, another service.
   *
   * @param score of a response so far to a prompt, higher is better; NaN for one that cannot be
   *     scored. Called on the searching threads
   */
  static Guide of(ToDoubleBiFunction<Prompt, String> score) {
    return prompt -> new FunctionScorer(prompt, score);
  }
}
