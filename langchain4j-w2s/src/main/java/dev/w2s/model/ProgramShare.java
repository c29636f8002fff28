// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Variant;
import org.jspecify.annotations.Nullable;

/**
 * One user's share of a program: through an adapter of its own or through none. The adapter is
 * freed with the share, the program with the last share. Made and closed on the inference thread.
 *
 * @param program shared
 * @param variant how the user's sequences are run
 */
record ProgramShare(DecoderProgram program, Variant variant) implements AutoCloseable {

  /** Takes over a program, unless it throws. */
  static ProgramShare of(DecoderProgram program, @Nullable AdapterFiles adapter) {
    return new ProgramShare(
        program,
        adapter == null
            ? Variant.PLAIN
            : new Variant(Variant.PLAIN.frequencies(), adapter.load(program)));
  }

  /** One more share. */
  ProgramShare share(@Nullable AdapterFiles adapter) {
    ProgramShare other = of(program, adapter);
    program.share();
    return other;
  }

  @Override
  public void close() {
    program.adapters().remove(variant.adapter());
    program.close();
  }
}
