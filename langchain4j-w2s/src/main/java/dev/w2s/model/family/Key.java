// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

/**
 * A fact that a config may state. What a family does not list, its models do not have, and a key of
 * that name in their config means nothing, as in transformers.
 */
enum Key {
  WIDTH,
  LAYERS,
  HEADS,
  KV_HEADS,
  HEAD_DIM,
  FEED_FORWARD,
  POSITIONS,
  EPSILON,
  ACTIVATION,
  ATTENTION_BIAS,
  FEED_FORWARD_BIAS,
  /** Whether query times key is divided by the root of the head's width. */
  SCALED,
  /** Whether query times key is divided by the layer's number, counted from 1. */
  SCALED_BY_LAYER
}
