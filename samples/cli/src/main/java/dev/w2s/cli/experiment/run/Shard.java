// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every n-th prompt.
 *
 * @param index which of them, from 1
 * @param count n
 */
public record Shard(int index, int count) {
  /** All prompts. */
  public static final Shard WHOLE = new Shard(1, 1);

  private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,5})/([1-9]\\d{0,5})");

  /**
   * Reads {@code i/n}.
   *
   * @throws IllegalArgumentException if it is no shard
   */
  public static Shard parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      Shard shard =
          new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      if (shard.index <= shard.count) {
        return shard;
      }
    }
    throw new IllegalArgumentException(
        "shard is '%s'; it must be i/n with i from 1 to n".formatted(text));
  }

  /** Whether a prompt, by its number from 1, is in it. */
  public boolean has(int promptNumber) {
    return (promptNumber - 1) % count == index - 1;
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}
