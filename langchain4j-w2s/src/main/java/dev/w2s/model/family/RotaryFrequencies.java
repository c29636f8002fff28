// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.files.JsonFile;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Inverse frequencies of the rotary position embedding (Su et al. 2021), with the scalings that
 * {@code transformers/modeling_rope_utils.py} calls default, linear and llama3.
 */
final class RotaryFrequencies {
  private static final double DEFAULT_THETA = 10_000;

  private RotaryFrequencies() {}

  /**
   * Reads them from a config, in the newer style ({@code rope_parameters}) or the older one ({@code
   * rope_theta} and {@code rope_scaling}).
   *
   * @return {@code headDim / 2} numbers, radians a position
   */
  static List<Double> read(JsonFile config, int headDim) {
    JsonFile parameters = config.object("rope_parameters");
    if (parameters == null) {
      parameters = config.object("rope_scaling");
    }
    double theta = theta(config, parameters);
    List<Double> plain =
        IntStream.range(0, headDim / 2).mapToObj(i -> Math.pow(theta, -2.0 * i / headDim)).toList();
    return parameters == null ? plain : scaled(plain, parameters);
  }

  private static double theta(JsonFile config, @Nullable JsonFile parameters) {
    return parameters != null && parameters.has("rope_theta")
        ? parameters.positive("rope_theta", null)
        : config.positive("rope_theta", DEFAULT_THETA);
  }

  private static List<Double> scaled(List<Double> plain, JsonFile parameters) {
    if (parameters.positive("partial_rotary_factor", 1.0) != 1.0) {
      throw parameters.invalid("partial_rotary_factor", "must be 1");
    }
    String key = parameters.has("rope_type") ? "rope_type" : "type";
    String type = parameters.has(key) ? parameters.text(key) : "default";
    if ("linear".equals(type)) {
      double factor = parameters.positive("factor", null);
      return plain.stream().map(frequency -> frequency / factor).toList();
    }
    if ("llama3".equals(type)) {
      return llama3(plain, parameters);
    }
    if (!"default".equals(type)) {
      throw parameters.invalid(key, "must be default, linear or llama3");
    }
    return plain;
  }

  /** Long waves are slowed by a factor, short ones kept, those between blended. */
  private static List<Double> llama3(List<Double> plain, JsonFile parameters) {
    double factor = parameters.positive("factor", null);
    double low = parameters.positive("low_freq_factor", null);
    double high = parameters.positive("high_freq_factor", null);
    double trained = parameters.positive("original_max_position_embeddings", null);
    if (high <= low) {
      throw parameters.invalid("high_freq_factor", "must be above low_freq_factor (" + low + ")");
    }
    return plain.stream()
        .map(
            frequency -> {
              double turns = trained * frequency / (2 * Math.PI);
              double kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
              return kept * frequency + (1 - kept) * frequency / factor;
            })
        .toList();
  }
}
