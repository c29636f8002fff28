// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

/**
 * A response so far and its score.
 *
 * @param candidate the response
 * @param score in nats, higher is better; NaN in plain sampling (W = K = 1), where no scorer is
 *     consulted
 */
public record ScoredCandidate(Candidate candidate, double score) {

  /** Checks the components. */
  public ScoredCandidate {
    requireNonNull(candidate, "candidate");
  }
}
