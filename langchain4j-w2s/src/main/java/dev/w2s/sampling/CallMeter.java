// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.SamplingCost;
import org.jspecify.annotations.Nullable;

/** Adds up what the calls of one search cost; they run on several threads. */
final class CallMeter {
  private SamplingCost cost = new SamplingCost(0, 0);
  private @Nullable TokenUsage usage;

  /** A call is made. */
  synchronized void call() {
    cost = new SamplingCost(cost.calls() + 1, cost.tokens());
  }

  /** An answer came, with what the model reports of it. */
  synchronized void answer(@Nullable TokenUsage reported) {
    usage = TokenUsage.sum(usage, reported);
  }

  /** So many tokens of an answer were used. */
  synchronized void tokens(int drawn) {
    cost = new SamplingCost(cost.calls(), cost.tokens() + drawn);
  }

  synchronized SamplingCost cost() {
    return cost;
  }

  synchronized @Nullable TokenUsage usage() {
    return usage;
  }
}
