// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.CandidateSampler;
import org.jspecify.annotations.Nullable;

/** A sampler that knows what the large model reports as its own cost. */
public interface MeteredSampler extends CandidateSampler {

  /** Tokens of all calls so far, summed; null when the large model reports none. */
  @Nullable TokenUsage tokenUsage();
}
