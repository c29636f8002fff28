// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;
import java.util.function.Function;

/** The two ports by one function each. */
final class PortFakes {

  private PortFakes() {}

  record Sampler(Function<List<DrawRequest>, List<List<Candidate>>> answer)
      implements CandidateSampler {

    @Override
    public List<List<Candidate>> sample(List<DrawRequest> requests) {
      return answer.apply(requests);
    }

    @Override
    public SamplingCost cost() {
      return new SamplingCost(0, 0);
    }

    @Override
    public void close() {}
  }

  record Scorer(Function<List<Candidate>, double[]> answer) implements CandidateScorer {

    @Override
    public double[] score(List<Candidate> candidates) {
      return answer.apply(candidates);
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
