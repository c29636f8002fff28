// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.List;

/**
 * What a decoder is, in one vocabulary for all families; {@link Families} reads it.
 *
 * @param family whose config it was
 * @param vocabulary rows of the token embedding
 * @param width width of the hidden states
 * @param positions how many tokens a sequence may have
 * @param norm of every norm
 * @param attention of every layer
 * @param feedForward of every layer
 * @param layers what differs from layer to layer
 * @param tiedHead whether the head is the token embedding
 * @param labels a classifier's labels by index; empty for a language model
 */
public record DecoderConfig(
    Family family,
    int vocabulary,
    int width,
    int positions,
    Norm norm,
    Attention attention,
    FeedForward feedForward,
    List<Layer> layers,
    boolean tiedHead,
    List<String> labels) {

  /**
   * A norm.
   *
   * @param kind layer or root-mean-square
   * @param epsilon added to the variance
   */
  public record Norm(Family.Norm kind, double epsilon) {}

  /**
   * The attention.
   *
   * @param heads query heads
   * @param kvHeads key/value heads; {@code heads} is a multiple of it
   * @param headDim width of a head
   * @param biased whether the projections have biases
   * @param rotaryFrequencies inverse frequencies of the rotary position embedding ({@code headDim /
   *     2}); empty where positions are learned
   */
  public record Attention(
      int heads, int kvHeads, int headDim, boolean biased, List<Double> rotaryFrequencies) {

    public boolean rotary() {
      return !rotaryFrequencies.isEmpty();
    }
  }

  /**
   * The feed-forward layer.
   *
   * @param width its inner width
   * @param gated whether it has a gate
   * @param activation silu, gelu, gelu_tanh or relu
   * @param biased whether the projections have biases
   */
  public record FeedForward(int width, boolean gated, String activation, boolean biased) {}

  /**
   * One layer.
   *
   * @param attentionScale the factor on query times key
   */
  public record Layer(double attentionScale) {}

  public boolean classifier() {
    return !labels.isEmpty();
  }
}
