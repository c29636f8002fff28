// SPDX-License-Identifier: Apache-2.0
package dev.w2s.soak;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sees each call of a search's two ports before it is made, and does something before one. */
final class Watch {
  private final Runnable action;
  private int callsLeft;

  /**
   * @param call number of the call before which something is done, from 1
   */
  Watch(int call, Runnable action) {
    callsLeft = call;
    this.action = action;
  }

  private void beforeCall() {
    callsLeft--;
    if (callsLeft == 0) {
      action.run();
    }
  }

  MeteredSampler over(MeteredSampler sampler) {
    return new WatchedSampler(sampler, this);
  }

  CandidateScorer over(CandidateScorer scorer) {
    return new WatchedScorer(scorer, this);
  }

  private record WatchedSampler(MeteredSampler sampler, Watch watch) implements MeteredSampler {
    @Override
    public List<List<Candidate>> sample(List<DrawRequest> requests) {
      watch.beforeCall();
      return sampler.sample(requests);
    }

    @Override
    public SamplingCost cost() {
      return sampler.cost();
    }

    @Override
    public @Nullable TokenUsage tokenUsage() {
      return sampler.tokenUsage();
    }

    @Override
    public void close() {
      sampler.close();
    }
  }

  private record WatchedScorer(CandidateScorer scorer, Watch watch) implements CandidateScorer {
    @Override
    public double[] score(List<Candidate> candidates) {
      watch.beforeCall();
      return scorer.score(candidates);
    }

    @Override
    public long tokensRun() {
      return scorer.tokensRun();
    }

    @Override
    public void close() {
      scorer.close();
    }
  }
}
