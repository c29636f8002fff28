// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

/**
 * A fact that a config may state. What a family does not list, its models do not have, and a key of
 * that name in their config means nothing, as in transformers.
 */
enum Key {
  VOCABULARY,
  WIDTH,
  LAYERS,
  HEADS,
  KV_HEADS,
  HEAD_DIM,
  FEED_FORWARD,
  POSITIONS,
  EPSILON,
  ACTIVATION,
  /** Biases of query, key and value, and of the attention's output where that states none. */
  ATTENTION_BIAS,
  ATTENTION_OUTPUT_BIAS,
  FEED_FORWARD_BIAS,
  /** Whether the head is the token embedding. */
  TIED,
  /** Whether attention and feed-forward layer see the same input, and are added together. */
  PARALLEL,
  /** Whether query times key is divided by the root of the head's width. */
  SCALED,
  /** Whether query times key is divided by the layer's number, counted from 1. */
  SCALED_BY_LAYER,
  /** By whose root query times key is divided, in place of the head's width. */
  QUERY_SCALAR,
  /** The factor on query times key, in place of all these. */
  ATTENTION_MULTIPLIER,
  /** The factor on the token embeddings; see {@link #ROOT_OF_WIDTH}. */
  EMBEDDING_MULTIPLIER,
  /** Whether token embeddings are multiplied by the root of the width. */
  ROOT_OF_WIDTH,
  /** The factor on what a layer adds. */
  RESIDUAL_MULTIPLIER,
  /** By what logits are divided. */
  LOGIT_DIVISOR,
  /** The soft cap of query times key; null for none. */
  ATTENTION_CAP,
  /** The soft cap of the logits; null for none. */
  LOGIT_CAP,
  /** How many tokens a windowed layer sees, the token itself included; null for no windows. */
  WINDOW,
  /** Whether there are windows at all. */
  WINDOWED,
  /** The first windowed layer. */
  WINDOWED_FROM,
  /** Every so many layers one has no window; 0 where all have one. */
  WINDOW_PATTERN,
  /** Whether layers with rotary positions may have a window. */
  WINDOWED_WITH_ROTARY,
  /** By layer, sliding_attention or full_attention; goes before the other facts on windows. */
  LAYER_TYPES,
  /** By layer, 1 where positions are rotary and 0 where there are none. */
  ROTARY_LAYERS,
  /** Every so many layers one has no positions, where {@link #ROTARY_LAYERS} is not given. */
  NO_ROTARY_PATTERN,
  /** The base of the rotary frequencies. */
  THETA,
  /** The same for windowed layers, whose frequencies are then their own and never scaled. */
  WINDOW_THETA,
  /** The share of a head's width that is rotated. */
  ROTARY_SHARE,
  /** Positions before the rotary frequencies were scaled; goes before the scaling's own. */
  TRAINED_POSITIONS
}
