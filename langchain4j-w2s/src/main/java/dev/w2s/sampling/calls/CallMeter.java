// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.SamplingCost;
import org.jspecify.annotations.Nullable;

/** Adds up what the calls of one search cost; they run on several threads. */
public final class CallMeter {
  private SamplingCost cost = new SamplingCost(0, 0);
  private @Nullable TokenUsage usage;

  /** A call is made. */
  public synchronized void call() {
    cost = new SamplingCost(cost.calls() + 1, cost.tokens());
  }

  /** An answer came, with what the model reports of it. */
  public synchronized void answer(@Nullable TokenUsage reported) {
    usage = TokenUsage.sum(usage, reported);
  }

  /** So many tokens of an answer were used. */
  public synchronized void tokens(int drawn) {
    cost = new SamplingCost(cost.calls(), cost.tokens() + drawn);
  }

  public synchronized SamplingCost cost() {
    return cost;
  }

  public synchronized @Nullable TokenUsage usage() {
    return usage;
  }
}
