// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * Scores by a function of prompt and response.
 *
 * @param prompt of the search
 * @param score higher is better
 */
record FunctionScorer(Prompt prompt, ToDoubleBiFunction<Prompt, String> score)
    implements CandidateScorer {

  @Override
  public double[] score(List<Candidate> candidates) {
    return candidates.stream()
        .mapToDouble(candidate -> score.applyAsDouble(prompt, candidate.text()))
        .toArray();
  }

  /** No small model is run. */
  @Override
  public long tokensRun() {
    return 0;
  }

  @Override
  public void close() {}
}
