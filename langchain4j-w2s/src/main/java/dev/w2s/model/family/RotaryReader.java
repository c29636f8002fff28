// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.family.Rotary.Growing;
import dev.w2s.model.family.Rotary.Longer;
import dev.w2s.model.family.Rotary.Same;
import dev.w2s.model.family.Rotary.Switched;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads a rotary position embedding, with the scalings of {@code
 * transformers/modeling_rope_utils.py}: default, linear, dynamic, yarn (Peng et al. 2023), longrope
 * and llama3.
 *
 * @param facts the rest of the config
 * @param parameters the object that states the scaling; empty for none
 * @param theta the base, where the parameters state none
 * @param headDim width of a head
 * @param positions {@code max_position_embeddings}
 */
record RotaryReader(Facts facts, JsonFile parameters, Key theta, int headDim, int positions) {
  /** Goes before {@link #PARAMETERS}, as in transformers 5: what version 4 wrote. */
  private static final String SCALING = "rope_scaling";

  /** What version 5 writes: an object, or one for each type of layer. */
  private static final String PARAMETERS = "rope_parameters";

  private static final String WHOLE = "full_attention";
  private static final String WINDOWED = "sliding_attention";
  private static final String SHARE = "partial_rotary_factor";
  private static final String TRAINED = "original_max_position_embeddings";

  /** A table of all sets has at most so many numbers: 64 MB. */
  private static final int MOST_NUMBERS = 1 << 24;

  /**
   * Reads all of a model: none where positions are learned; two, the second of the windowed layers,
   * where these have a theta of their own; else one.
   *
   * @throws InvalidModelException if one breaks a rule
   */
  static List<Rotary> readAll(Facts facts, int headDim, int positions) {
    if (!facts.has(Key.THETA)) {
      return List.of();
    }
    JsonFile scaling = object(facts.config(), SCALING);
    JsonFile parameters = object(facts.config(), PARAMETERS);
    boolean old = !scaling.json().isEmpty();
    if (!facts.has(Key.WINDOW_THETA)) {
      JsonFile one = old ? scaling : parameters;
      for (String type : List.of(WHOLE, WINDOWED)) {
        if (one.has(type)) {
          throw one.invalid(type, "must be absent: all layers have the same rotary positions");
        }
      }
      return List.of(new RotaryReader(facts, one, Key.THETA, headDim, positions).read());
    }
    JsonFile whole = old ? scaling : object(parameters, WHOLE);
    JsonFile windowed = object(parameters, WINDOWED);
    Rotary first = new RotaryReader(facts, whole, Key.THETA, headDim, positions).read();
    Rotary second = new RotaryReader(facts, windowed, Key.WINDOW_THETA, headDim, positions).read();
    if (second.longer().sets() > 1) {
      throw windowed.invalid("rope_type", "must not depend on the length of the text");
    }
    return List.of(first, second);
  }

  private static JsonFile object(JsonFile of, String key) {
    JsonFile object = of.object(key);
    return object == null ? of.empty(key) : object;
  }

  private Rotary read() {
    double base = parameters.positive("rope_theta", facts.number(theta, 0));
    Rotary plain = new Rotary(powers(base, width()), 1, new Same());
    String key = parameters.has("rope_type") ? "rope_type" : "type";
    String type = parameters.text(key);
    return switch (type == null ? "default" : type) {
      case "default" -> plain;
      case "linear" -> linear(plain);
      case "dynamic" -> dynamic(plain);
      case "llama3" -> llama3(plain);
      // Phi-3 was first published with other names for its longrope.
      case "yarn" -> parameters.has("short_factor") ? longrope(plain) : yarn(plain, base);
      case "longrope", "su" -> longrope(plain);
      default ->
          throw parameters.invalid(
              key, "must be default, linear, dynamic, yarn, longrope or llama3");
    };
  }

  private int width() {
    double rotated = parameters.positive(SHARE, facts.number(Key.ROTARY_SHARE, 1));
    if (!facts.has(Key.ROTARY_SHARE) && rotated != 1) {
      throw parameters.invalid(SHARE, "must be 1");
    }
    int width = (int) (headDim * rotated);
    if (width < 2 || width % 2 != 0 || width > headDim) {
      throw unevenly(width);
    }
    return width;
  }

  private InvalidModelException unevenly(int width) {
    String rule = "must rotate an even number of a head's %d, not %d".formatted(headDim, width);
    if (parameters.has(SHARE)) {
      return parameters.invalid(SHARE, rule);
    }
    return facts.has(Key.ROTARY_SHARE)
        ? facts.invalid(Key.ROTARY_SHARE, rule)
        : facts.invalid(Key.HEAD_DIM, "must be even for rotary positions, not " + headDim);
  }

  private static List<Double> powers(double base, int width) {
    return IntStream.range(0, width / 2).mapToObj(i -> Math.pow(base, -2.0 * i / width)).toList();
  }

  private Rotary linear(Rotary plain) {
    double factor = parameters.positive("factor", null);
    return with(plain, plain.frequencies().stream().map(f -> f / factor).toList());
  }

  private static Rotary with(Rotary plain, List<Double> frequencies) {
    return new Rotary(frequencies, plain.factor(), plain.longer());
  }

  /** Here {@code max_position_embeddings} are the positions of the training. */
  private Rotary dynamic(Rotary plain) {
    double factor = parameters.positive("factor", null);
    if (plain.width() < 4) {
      throw parameters.invalid(
          SHARE, "must leave dynamic scaling four of a head's numbers or more");
    }
    int most = positions + MOST_NUMBERS / plain.frequencies().size();
    int longest = (int) Math.max(positions, Math.min(most, factor * positions));
    Longer longer = new Growing(positions, longest, factor);
    return new Rotary(plain.frequencies(), plain.factor(), longer);
  }

  /** Long waves are slowed by a factor, short ones kept, those between blended. */
  private Rotary llama3(Rotary plain) {
    double factor = parameters.positive("factor", null);
    double low = parameters.positive("low_freq_factor", null);
    double high = parameters.positive("high_freq_factor", null);
    double before = trained();
    if (high <= low) {
      throw parameters.invalid("high_freq_factor", "must be above low_freq_factor (" + low + ")");
    }
    return with(
        plain,
        plain.frequencies().stream()
            .map(
                frequency -> {
                  double turns = before * frequency / (2 * Math.PI);
                  return blend(frequency, factor, (turns - low) / (high - low));
                })
            .toList());
  }

  /** A frequency of which a share from 0 to 1 is kept, and the rest is slowed. */
  private static double blend(double frequency, double factor, double share) {
    double kept = Math.min(1, Math.max(0, share));
    return kept * frequency + (1 - kept) * frequency / factor;
  }

  private double trained() {
    return facts.integer(Key.TRAINED_POSITIONS, 0, Integer.MAX_VALUE) > 0
        ? facts.integer(Key.TRAINED_POSITIONS, Integer.MAX_VALUE)
        : parameters.positive(TRAINED, (double) positions);
  }

  /** As llama3, but blended by a pair's number instead of its turns. */
  private Rotary yarn(Rotary plain, double base) {
    double before = trained();
    double factor = parameters.positive("factor", positions / before);
    double first = pair(parameters.positive("beta_fast", 32.0), plain.width(), base, before);
    double last = pair(parameters.positive("beta_slow", 1.0), plain.width(), base, before);
    if (parameters.flag("truncate", true)) {
      first = Math.floor(first);
      last = Math.ceil(last);
    }
    double from = Math.max(first, 0);
    double to = Math.min(last, plain.width() - 1.0);
    double over = from == to ? 0.001 : to - from;
    List<Double> frequencies =
        IntStream.range(0, plain.frequencies().size())
            .mapToObj(i -> blend(plain.frequencies().get(i), factor, 1 - (i - from) / over))
            .toList();
    return new Rotary(frequencies, yarnFactor(factor), plain.longer());
  }

  /** The pair, counted from 0 and not rounded, that turns so often within the training's texts. */
  private static double pair(double turns, int width, double base, double before) {
    return width * Math.log(before / (turns * 2 * Math.PI)) / (2 * Math.log(base));
  }

  private double yarnFactor(double factor) {
    if (parameters.has("attention_factor")) {
      return parameters.positive("attention_factor", null);
    }
    boolean both = positive("mscale") && positive("mscale_all_dim");
    return both
        ? growth(factor, parameters.positive("mscale", null))
            / growth(factor, parameters.positive("mscale_all_dim", null))
        : growth(factor, 1);
  }

  /** Some configs write 0 for none. */
  private boolean positive(String key) {
    return parameters.has(key) && parameters.json().get(key).asDouble() != 0;
  }

  private static double growth(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  private Rotary longrope(Rotary plain) {
    double before = trained();
    double factor = parameters.positive("factor", positions / before);
    double usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(before));
    return new Rotary(
        divided(plain, "short_factor"),
        parameters.positive("attention_factor", usual),
        new Switched((int) before, divided(plain, "long_factor")));
  }

  private List<Double> divided(Rotary plain, String key) {
    int pairs = plain.frequencies().size();
    List<Double> factors = parameters.positives(key);
    if (factors.size() != pairs) {
      throw parameters.invalid(
          key, "must hold %d numbers, not %d".formatted(pairs, factors.size()));
    }
    return IntStream.range(0, pairs)
        .mapToObj(i -> plain.frequencies().get(i) / factors.get(i))
        .toList();
  }
}
