// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;

/** See {@link CandidateScorer#none()}. */
enum NoScorer implements CandidateScorer {
  INSTANCE;

  @Override
  public double[] score(List<Candidate> candidates) {
    throw new IllegalStateException("there is no scorer, but something to choose");
  }

  @Override
  public long tokensRun() {
    return 0;
  }

  @Override
  public void close() {}
}
