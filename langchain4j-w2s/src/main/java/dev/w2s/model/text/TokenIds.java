// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A sequence of token ids; never changes. */
public final class TokenIds {
  private static final TokenIds NONE = new TokenIds(new int[0]);

  private final int[] ids;

  private TokenIds(int[] ids) {
    this.ids = ids;
  }

  /** The empty sequence. */
  public static TokenIds none() {
    return NONE;
  }

  /** Copies ids. */
  public static TokenIds of(int... ids) {
    return new TokenIds(ids.clone());
  }

  /** Copies ids. */
  public static TokenIds of(List<Integer> ids) {
    return new TokenIds(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The ids, in order. */
  public List<Integer> toList() {
    return Arrays.stream(ids).boxed().toList();
  }

  public int size() {
    return ids.length;
  }

  public boolean isEmpty() {
    return ids.length == 0;
  }

  /**
   * The id at an index.
   *
   * @throws IndexOutOfBoundsException if {@code index} is not below the size
   */
  public int get(int index) {
    return ids[index];
  }

  public IntStream stream() {
    return Arrays.stream(ids);
  }

  /** These ids from {@code from}, inclusive, to {@code to}, exclusive. */
  public TokenIds part(int from, int to) {
    return new TokenIds(Arrays.copyOfRange(ids, from, to));
  }

  /** These ids, then others. */
  public TokenIds plus(TokenIds others) {
    int[] both = Arrays.copyOf(ids, ids.length + others.ids.length);
    System.arraycopy(others.ids, 0, both, ids.length, others.ids.length);
    return new TokenIds(both);
  }

  /** How many ids the beginnings of the two have in common. */
  public int commonPrefix(TokenIds other) {
    int mismatch = Arrays.mismatch(ids, other.ids);
    return mismatch < 0 ? ids.length : mismatch;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
