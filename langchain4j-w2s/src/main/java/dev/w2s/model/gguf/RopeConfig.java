// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes how a model's rotary positions are scaled, in the older style ({@code rope_theta} and
 * {@code rope_scaling}).
 *
 * <p>Llama 3's scaling stands in a GGUF file as a tensor of divisors of the frequencies. Those of
 * the rule are recognised; others are written as longrope, which is divisors as well.
 */
final class RopeConfig {
  private static final String DIVISORS = "rope_freqs.weight";
  private static final String LONG = "rope_factors_long.weight";
  private static final String SHORT = "rope_factors_short.weight";
  private static final String SCALING = "rope_scaling";
  private static final String TRAINED = "original_max_position_embeddings";
  private static final double DEFAULT_THETA = 10_000;

  // What Llama 3.1, 3.2 and 3.3 have in common; the converter knows no others.
  private static final double LOW = 1;
  private static final double HIGH = 4;
  private static final int TRAINED_LENGTH = 8192;

  /** Relative; divisors are float32, computed from frequencies that are float32. */
  private static final double TOLERANCE = 1e-4;

  private final ConfigWriter config;
  private final Hyperparameters parameters;
  private final double theta;

  private RopeConfig(ConfigWriter config) {
    this.config = config;
    parameters = config.parameters();
    Double base = parameters.number("rope.freq_base");
    theta = base == null ? DEFAULT_THETA : base;
  }

  static void write(ConfigWriter config) {
    new RopeConfig(config).write();
  }

  private void write() {
    config.put("rope_theta", theta);
    Integer rotary = parameters.integer("rope.dimension_count");
    if (rotary != null && rotary != config.headDim()) {
      config.put("partial_rotary_factor", share(rotary, config.headDim()));
    }
    List<Double> divisors = config.values(DIVISORS, rotary);
    String type = parameters.metadata().text(parameters.key("rope.scaling.type"));
    if (config.has(LONG) || config.has(SHORT)) {
      longrope(rotary);
    } else if (divisors != null) {
      divided(divisors, type);
    } else if ("yarn".equals(type)) {
      yarn();
    } else if ("linear".equals(type) || (type == null && factor() != null)) {
      config.object(SCALING).put("rope_type", "linear").put("factor", requiredFactor());
    } else if (type != null && !type.equals("none") && !type.equals("longrope")) {
      throw parameters
          .metadata()
          .invalid(parameters.key("rope.scaling.type"), "must be none, linear, yarn or longrope");
    }
  }

  /** The share that gives the number back when the head's width is multiplied and cut. */
  static double share(int rotary, int headDim) {
    double share = (double) rotary / headDim;
    return (int) (headDim * share) == rotary ? share : Math.nextUp(share);
  }

  /** Older files have no type and another key. */
  private @Nullable Double factor() {
    Double factor = parameters.number("rope.scaling.factor");
    return factor != null ? factor : parameters.number("rope.scale_linear");
  }

  private double requiredFactor() {
    Double factor = factor();
    if (factor == null) {
      throw parameters.metadata().invalid(parameters.key("rope.scaling.factor"), "must be given");
    }
    return factor;
  }

  private void yarn() {
    ObjectNode scaling = config.object(SCALING).put("rope_type", "yarn");
    scaling.put("factor", requiredFactor());
    scaling.put(TRAINED, parameters.requiredInteger("rope.scaling.original_context_length"));
    copy(scaling, "beta_fast", "rope.scaling.yarn_beta_fast");
    copy(scaling, "beta_slow", "rope.scaling.yarn_beta_slow");
    copy(scaling, "attention_factor", "rope.scaling.yarn_attn_factor");
  }

  private void copy(ObjectNode scaling, String key, String name) {
    Double value = parameters.number(name);
    if (value != null) {
      scaling.put(key, value);
    }
  }

  private void longrope(@Nullable Integer rotary) {
    List<Double> shortFactors = config.values(SHORT, rotary);
    List<Double> longFactors = config.values(LONG, rotary);
    if (shortFactors == null || longFactors == null) {
      throw config.invalid(
          shortFactors == null ? SHORT : LONG, "must be given where the other one is");
    }
    int trained = parameters.requiredInteger("rope.scaling.original_context_length");
    ObjectNode scaling = divisors(shortFactors, longFactors, trained);
    copy(scaling, "attention_factor", "rope.scaling.attn_factor");
  }

  private void divided(List<Double> divisors, @Nullable String type) {
    if (type != null && !type.equals("none")) {
      throw parameters
          .metadata()
          .invalid(parameters.key("rope.scaling.type"), "must be none beside " + DIVISORS);
    }
    double factor = divisors.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    if (divisors.stream().allMatch(divisor -> divisor == 1)) {
      return;
    }
    if (isLlama3(divisors, factor)) {
      config
          .object(SCALING)
          .put("rope_type", "llama3")
          .put("factor", factor)
          .put("low_freq_factor", LOW)
          .put("high_freq_factor", HIGH)
          .put(TRAINED, TRAINED_LENGTH);
    } else {
      int positions = parameters.requiredInteger("context_length");
      divisors(divisors, divisors, positions).put("attention_factor", 1.0);
    }
  }

  private ObjectNode divisors(List<Double> shortFactors, List<Double> longFactors, int trained) {
    config.put(TRAINED, trained);
    ObjectNode scaling = config.object(SCALING).put("rope_type", "longrope").put(TRAINED, trained);
    ArrayNode shorts = scaling.putArray("short_factor");
    shortFactors.forEach(shorts::add);
    ArrayNode longs = scaling.putArray("long_factor");
    longFactors.forEach(longs::add);
    return scaling;
  }

  private boolean isLlama3(List<Double> divisors, double factor) {
    return IntStream.range(0, divisors.size())
        .allMatch(
            i -> {
              double frequency = Math.pow(theta, -1.0 * i / divisors.size());
              double turns = TRAINED_LENGTH * frequency / (2 * Math.PI);
              double kept = Math.min(1, Math.max(0, (turns - LOW) / (HIGH - LOW)));
              double expected = 1 / (kept + (1 - kept) / factor);
              return Math.abs(divisors.get(i) - expected) <= TOLERANCE * expected;
            });
  }
}
