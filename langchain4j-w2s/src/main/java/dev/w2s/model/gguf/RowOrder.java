// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

/** Which row of a tensor in the file is which row of the model's tensor. */
@FunctionalInterface
interface RowOrder {
  RowOrder AS_STORED = row -> row;

  /** The row in the file that holds a row of the model's tensor. */
  long stored(long row);

  /**
   * Queries or keys of a model that was converted for interleaved rotary positions: rows that are
   * turned together stand side by side in the file, and half a head apart in the model ({@code
   * LlamaModel.permute} of llama.cpp's converter).
   *
   * @param headDim rows of a head, even
   */
  static RowOrder rotaryPairs(int headDim) {
    int half = headDim / 2;
    return row -> {
      long inHead = row % headDim;
      return row - inHead + 2 * (inHead % half) + inHead / half;
    };
  }

  /**
   * Queries, keys and values that stand one after the other in the file, and head by head in the
   * model.
   *
   * @param heads number of heads
   * @param headDim rows of a head
   */
  static RowOrder headByHead(int heads, int headDim) {
    long part = (long) heads * headDim;
    return row -> {
      long head = row / (3L * headDim);
      long inHead = row % (3L * headDim);
      return inHead / headDim * part + head * headDim + inHead % headDim;
    };
  }
}
