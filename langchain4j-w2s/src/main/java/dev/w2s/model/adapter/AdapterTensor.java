// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.adapter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a tensor of an adapter is by its name. An adapter's own name may stand in it, as it does in
 * a model that was saved with its wrappers on.
 *
 * @param module whose weight it changes
 * @param role how
 */
record AdapterTensor(String module, Role role) {
  private static final Pattern LOW_RANK =
      Pattern.compile("(.+)\\.lora_([AB])(?:\\.[^.]+)?\\.weight");
  private static final Pattern EMBEDDING =
      Pattern.compile("(.+)\\.lora_embedding_([AB])(?:\\.[^.]+)?");
  private static final Pattern WHOLE =
      Pattern.compile(
          "(.+?)(\\.original_module)?(\\.base_layer|\\.modules_to_save(?:\\.[^.]+)?)?\\.weight");

  /** What a tensor is to its module. */
  enum Role {
    /** (r, inputs): inputs to ranks. */
    DOWN,
    /** (outputs, r): ranks to outputs. */
    UP,
    /** (r, vocabulary): tokens to ranks. */
    EMBEDDING_DOWN,
    /** (width, r): ranks to hidden states. */
    EMBEDDING_UP,
    /** The module's weight itself. */
    WHOLE,
    /** The same within the adapter's wrapper; beside the weight itself, which counts, a copy. */
    WRAPPED,
    /** The weight that the base had when the adapter was saved, which is no part of it. */
    ORIGINAL
  }

  /** Reads a name without wrappers; null where it is none that a LoRA adapter has. */
  static @Nullable AdapterTensor of(String name) {
    Matcher lowRank = LOW_RANK.matcher(name);
    if (lowRank.matches()) {
      return new AdapterTensor(lowRank.group(1), isDown(lowRank) ? Role.DOWN : Role.UP);
    }
    Matcher embedding = EMBEDDING.matcher(name);
    if (embedding.matches()) {
      return new AdapterTensor(
          embedding.group(1), isDown(embedding) ? Role.EMBEDDING_DOWN : Role.EMBEDDING_UP);
    }
    Matcher whole = WHOLE.matcher(name);
    return whole.matches() ? new AdapterTensor(whole.group(1), wholeRole(whole)) : null;
  }

  private static Role wholeRole(Matcher whole) {
    if (whole.group(2) != null) {
      return Role.ORIGINAL;
    }
    return whole.group(3) == null ? Role.WHOLE : Role.WRAPPED;
  }

  private static boolean isDown(Matcher matcher) {
    return matcher.group(2).equals("A");
  }
}
