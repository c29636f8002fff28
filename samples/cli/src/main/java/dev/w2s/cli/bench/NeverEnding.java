// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import java.util.List;

/** A sampler whose responses go on where they ended, so that every run has its full length. */
record NeverEnding(CandidateSampler sampler) implements CandidateSampler {

  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    return sampler.sample(requests).stream()
        .map(row -> row.stream().map(NeverEnding::open).toList())
        .toList();
  }

  private static Candidate open(Candidate candidate) {
    return candidate.ended()
        ? new Candidate(
            candidate.text(), "", candidate.tokens(), Candidate.Status.OPEN, candidate.handle())
        : candidate;
  }

  @Override
  public SamplingCost cost() {
    return sampler.cost();
  }

  @Override
  public void close() {
    sampler.close();
  }
}
