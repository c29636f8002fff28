// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.List;

/**
 * What a decoder is, in one vocabulary for all families; {@link Family} reads it from {@code
 * config.json}.
 *
 * @param family the {@code model_type} of the config
 * @param vocabulary rows of the token embedding
 * @param width width of the hidden states
 * @param layers number of layers
 * @param heads query heads
 * @param kvHeads key/value heads; {@code heads} is a multiple of it
 * @param headDim width of a head
 * @param feedForward width of the feed-forward layer
 * @param positions how many tokens a sequence may have
 * @param rmsNorm root-mean-square norm instead of layer norm
 * @param epsilon the norms' epsilon
 * @param gated whether the feed-forward layer has a gate
 * @param activation silu, gelu, gelu_tanh or relu
 * @param rotaryFrequencies inverse frequencies of the rotary position embedding ({@code headDim /
 *     2}); empty where positions are learned
 * @param scales the factor on query times key, one a layer
 * @param attentionBias whether the attention's projections have biases
 * @param feedForwardBias whether the feed-forward projections have biases
 * @param tiedHead whether the head is the token embedding
 * @param labels a classifier's labels by index; empty for a language model
 */
public record DecoderConfig(
    String family,
    int vocabulary,
    int width,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int feedForward,
    int positions,
    boolean rmsNorm,
    double epsilon,
    boolean gated,
    String activation,
    List<Double> rotaryFrequencies,
    List<Double> scales,
    boolean attentionBias,
    boolean feedForwardBias,
    boolean tiedHead,
    List<String> labels) {

  public boolean rotary() {
    return !rotaryFrequencies.isEmpty();
  }

  public boolean classifier() {
    return !labels.isEmpty();
  }

  /** Width of the fused query, key and value projection. */
  public int qkvWidth() {
    return (heads + 2 * kvHeads) * headDim;
  }
}
