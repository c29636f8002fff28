// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.Locale;

/** The weights of the decoder program. */
public enum WeightName {
  TOKEN_EMBEDDING,
  /** Learned positions; a rotary model has {@link #ROTARY} instead. */
  POSITION_EMBEDDING,
  /** Inverse frequencies, computed from the config and never stored. */
  ROTARY,
  FINAL_NORM,
  /** Absent where the head is the token embedding. */
  HEAD,
  ATTENTION_NORM,
  /** Query, key and value, joined along rows. */
  QKV,
  ATTENTION_OUTPUT,
  FEED_FORWARD_NORM,
  /** The way up, or gate and up joined along rows. */
  UP,
  DOWN;

  /** What {@code decoder.torchscript} calls it. */
  public String inProgram() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the program calls the bias beside it. */
  String bias() {
    return inProgram() + ".bias";
  }
}
