// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the large model shall draw, as far as somebody has said so; null leaves it to the model.
 *
 * @param temperature 0 takes the likeliest token always
 * @param topK draws among so many likeliest tokens; 0 for all
 * @param topP draws among the likeliest tokens of this mass
 * @param stop texts that end a response and are not part of it
 * @param seed same seed and prompt, same response
 * @param maxTokens most tokens of a response, for a model that must be told
 * @param time after which what is drawn is of no use, for a model that waits and tries again
 */
public record SamplingRequest(
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    @Nullable List<String> stop,
    @Nullable Long seed,
    @Nullable Integer maxTokens,
    @Nullable Duration time) {

  private static final SamplingRequest DEFAULTS =
      new SamplingRequest(null, null, null, null, null, null, null);

  /** Copies the list. */
  public SamplingRequest {
    stop = stop == null ? null : List.copyOf(stop);
  }

  /** Leaves everything to the model. */
  public static SamplingRequest defaults() {
    return DEFAULTS;
  }

  /** The same for responses of so many tokens at most, within so much time. */
  public SamplingRequest within(int most, Duration time) {
    return new SamplingRequest(temperature, topK, topP, stop, seed, most, time);
  }
}
