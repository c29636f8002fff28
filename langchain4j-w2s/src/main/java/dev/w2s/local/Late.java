// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for, and asked for again after a failure. */
final class Late<T> implements Supplier<T> {
  private final Supplier<T> source;
  private volatile @Nullable T value;

  Late(Supplier<T> source) {
    this.source = source;
  }

  /** Two that ask at once may both make one; either does. */
  @Override
  public T get() {
    T made = value;
    if (made == null) {
      made = source.get();
      value = made;
    }
    return made;
  }
}
