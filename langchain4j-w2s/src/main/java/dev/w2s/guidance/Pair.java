// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.CandidateScorer;

/**
 * Two small models, one tuned and the untuned one it came from. Their difference in log-probability
 * is a dense reward for what the tuning was for (Zhou et al. 2024, section 4.1).
 */
public interface Pair extends Guide, AutoCloseable {

  /**
   * Opens a session for responses to a prompt.
   *
   * @param prompt shown to each model in its own format
   * @throws IllegalArgumentException if a format cannot show such a prompt, or it has no tokens
   * @throws dev.w2s.model.PositionLimitException if it is longer than a model's positions
   */
  PairSession openSession(Prompt prompt);

  /** Opens a scorer by the log-ratio; see {@link #openSession} for what it throws. */
  @Override
  default CandidateScorer open(Prompt prompt) {
    return new LogRatioScorer(openSession(prompt));
  }

  /** The pair's tokenizer; closed with the pair if that opened it. */
  ModelTokenizer tokenizer();

  /** Frees what the pair itself has opened. */
  @Override
  void close();
}
