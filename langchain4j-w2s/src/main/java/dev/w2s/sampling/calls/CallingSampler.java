// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.SamplingCost;
import org.jspecify.annotations.Nullable;

/** Draws by calls, and adds up what they cost. */
public abstract class CallingSampler implements MeteredSampler {

  /** Told of every call. */
  protected final CallMeter meter = new CallMeter();

  @Override
  public final SamplingCost cost() {
    return meter.cost();
  }

  @Override
  public final @Nullable TokenUsage tokenUsage() {
    return meter.usage();
  }

  /** Nothing to free: threads and connections are the large model's. */
  @Override
  public final void close() {}
}
