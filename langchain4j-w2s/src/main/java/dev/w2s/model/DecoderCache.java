// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.pytorch.jni.IValue;

/**
 * A session's keys, values and final hidden states, in slots, of which it has as many as are asked
 * for. Owns native memory; all methods run on the inference thread.
 */
final class DecoderCache implements AutoCloseable {
  /** Slots that are cleared at once, which touches their memory. */
  private static final int CLEARED_AT_ONCE = 64;

  private final DecoderProgram program;
  private final IValue value;
  private final int block;
  private int capacity;
  private int cleared;

  private DecoderCache(DecoderProgram program, IValue value, int block) {
    this.program = program;
    this.value = value;
    this.block = block;
  }

  /**
   * Opens a cache without slots.
   *
   * @param block bytes, as {@link ComputeDevice#cacheBlock}
   */
  static DecoderCache open(DecoderProgram program, int block) {
    return new DecoderCache(program, program.newCache(), block);
  }

  /** As the program takes it. */
  IValue value() {
    return value;
  }

  /** The same with at least so many slots that can be used. */
  IValue withSlots(int slots) {
    if (slots > capacity) {
      capacity = program.growCache(value, cleared, slots, block);
    }
    if (slots > cleared) {
      int wanted = Math.min(capacity, Math.max(slots, cleared + CLEARED_AT_ONCE));
      program.clearSlots(value, cleared, wanted - cleared);
      cleared = wanted;
    }
    return value;
  }

  @Override
  public void close() {
    program.closeCache(value);
  }
}
