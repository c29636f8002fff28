// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.family.DecoderConfig.Layer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads what differs from layer to layer. */
final class LayerReader {
  private static final int MOST_TOKENS = 1 << 24;
  private static final String WINDOWED = "sliding_attention";
  private static final String WHOLE = "full_attention";

  private final Facts facts;
  private final int layers;
  private final double scale;
  private final int window;
  private final @Nullable List<String> types;
  private final @Nullable List<Long> rotaryLayers;

  LayerReader(Facts facts, int layers, int headDim) {
    this.facts = facts;
    this.layers = layers;
    scale = scale(headDim);
    window = facts.flag(Key.WINDOWED, true) ? facts.nullableInteger(Key.WINDOW, 0, MOST_TOKENS) : 0;
    if (window == 0 && facts.has(Key.WINDOW_PATTERN)) {
      throw facts.invalid(Key.WINDOW, "must be given");
    }
    types = types();
    rotaryLayers = rotaryLayers();
  }

  private double scale(int headDim) {
    if (facts.has(Key.ATTENTION_MULTIPLIER)) {
      return facts.number(Key.ATTENTION_MULTIPLIER, 1);
    }
    return facts.flag(Key.SCALED, true)
        ? 1 / Math.sqrt(facts.number(Key.QUERY_SCALAR, headDim))
        : 1;
  }

  private @Nullable List<String> types() {
    if (!facts.given(Key.LAYER_TYPES)) {
      return null;
    }
    List<String> given = facts.config().texts(facts.name(Key.LAYER_TYPES));
    requireEach(Key.LAYER_TYPES, given.size());
    if (!List.of(WINDOWED, WHOLE).containsAll(given)) {
      throw facts.invalid(Key.LAYER_TYPES, "must hold %s and %s only".formatted(WINDOWED, WHOLE));
    }
    if (window == 0 && given.contains(WINDOWED)) {
      throw facts.invalid(
          Key.LAYER_TYPES, "must not hold %s, since the config has no window".formatted(WINDOWED));
    }
    return given;
  }

  private @Nullable List<Long> rotaryLayers() {
    if (!facts.given(Key.ROTARY_LAYERS)) {
      return null;
    }
    List<Long> given = facts.config().wholeNumbers(facts.name(Key.ROTARY_LAYERS));
    requireEach(Key.ROTARY_LAYERS, given.size());
    return given;
  }

  private void requireEach(Key key, int size) {
    if (size != layers) {
      throw facts.invalid(
          key, "must hold one for each of the %d layers, not %d".formatted(layers, size));
    }
  }

  List<Layer> read() {
    return IntStream.range(0, layers).mapToObj(this::layer).toList();
  }

  private Layer layer(int layer) {
    boolean windowed = windowed(layer);
    return new Layer(
        facts.flag(Key.SCALED_BY_LAYER, false) ? scale / (layer + 1) : scale,
        rotary(layer) ? rotaryOf(windowed) : -1,
        windowed ? window : 0);
  }

  /** Windowed layers have a second one, where the family has two. */
  private int rotaryOf(boolean windowed) {
    return windowed && facts.has(Key.WINDOW_THETA) ? 1 : 0;
  }

  private boolean rotary(int layer) {
    if (!facts.has(Key.THETA)) {
      return false;
    }
    if (rotaryLayers != null) {
      return rotaryLayers.get(layer) != 0;
    }
    return !facts.has(Key.NO_ROTARY_PATTERN)
        || (layer + 1) % facts.integer(Key.NO_ROTARY_PATTERN, MOST_TOKENS) != 0;
  }

  private boolean windowed(int layer) {
    if (types != null) {
      return types.get(layer).equals(WINDOWED);
    }
    int pattern = facts.integer(Key.WINDOW_PATTERN, 0, MOST_TOKENS);
    if (pattern > 0) {
      return (layer + 1) % pattern != 0;
    }
    return window > 0
        && layer >= from()
        && (facts.flag(Key.WINDOWED_WITH_ROTARY, true) || !rotary(layer));
  }

  private int from() {
    return facts.has(Key.WINDOWED_FROM) ? facts.integerFrom(0, Key.WINDOWED_FROM, MOST_TOKENS) : 0;
  }
}
