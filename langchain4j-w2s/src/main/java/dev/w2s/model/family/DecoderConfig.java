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
 * @param rotaries the rotary position embeddings; none where positions are learned
 * @param layers what differs from layer to layer
 * @param parallel whether attention and feed-forward layer see the same input, and are added
 *     together
 * @param multipliers of embeddings, layers and logits
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
    List<Rotary> rotaries,
    List<Layer> layers,
    boolean parallel,
    Multipliers multipliers,
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
   * @param biased whether the projections to query, key and value have biases
   * @param outputBiased whether the output's has one
   * @param cap soft cap of query times key; 0 for none
   */
  public record Attention(
      int heads, int kvHeads, int headDim, boolean biased, boolean outputBiased, double cap) {}

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
   * @param rotary which rotary position embedding it has; -1 for none
   * @param window how many tokens a token sees, itself included; 0 for all
   */
  public record Layer(double attentionScale, int rotary, int window) {}

  /**
   * Numbers that some families multiply by.
   *
   * @param embedding on token embeddings
   * @param residual on what attention and feed-forward layer add
   * @param logitDivisor by what logits are divided
   * @param logitCap soft cap of the logits; 0 for none
   */
  public record Multipliers(
      double embedding, double residual, double logitDivisor, double logitCap) {}

  public boolean classifier() {
    return !labels.isEmpty();
  }

  /**
   * Which set of each rotary position embedding a text of so many tokens has; of those that have
   * only one it is that.
   */
  public int frequencies(int length) {
    return rotaries.stream().mapToInt(rotary -> rotary.longer().set(length)).max().orElse(0);
  }
}
