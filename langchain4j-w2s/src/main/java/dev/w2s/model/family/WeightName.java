// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.Locale;

/** The weights of the decoder program. */
public enum WeightName {
  TOKEN_EMBEDDING,
  /** Learned positions; a rotary model has {@link #ROTARY} instead. */
  POSITION_EMBEDDING,
  /** Rotary frequencies, computed from the config and never stored. */
  ROTARY,
  FINAL_NORM,
  /** Absent where the head is the token embedding. */
  HEAD,
  /** In front of the attention; absent where it stands behind alone. */
  ATTENTION_NORM,
  /** Query, key and value, joined along rows, or head by head. */
  QKV,
  QUERY_NORM,
  KEY_NORM,
  ATTENTION_OUTPUT,
  /** Behind the attention. */
  ATTENTION_OUTPUT_NORM,
  /** In front of the feed-forward layer; absent where it stands behind alone. */
  FEED_FORWARD_NORM,
  /** The way up, or gate and up joined along rows. */
  UP,
  DOWN,
  /** Behind the feed-forward layer. */
  FEED_FORWARD_OUTPUT_NORM;

  /** What {@code decoder.torchscript} calls it. */
  public String inProgram() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the program calls the bias beside it. */
  String bias() {
    return inProgram() + ".bias";
  }
}
