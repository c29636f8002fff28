// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.CandidateScorer;

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
}
