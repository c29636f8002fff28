// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A rotary position embedding (Su et al. 2021).
 *
 * @param frequencies radians a position, one for each pair of the rotated part of a head
 * @param factor on cosine and sine
 * @param longer what holds for longer texts
 */
public record Rotary(List<Double> frequencies, double factor, Longer longer) {

  /** Which frequencies a text has by its length: set 0 is {@link Rotary#frequencies}. */
  public sealed interface Longer {
    /** How many sets there are. */
    int sets();

    /** The set of a text of so many tokens. */
    int set(int length);

    /** The longest text, of a model with so many positions by its config. */
    default int longest(int positions) {
      return positions;
    }
  }

  /** One set for all texts. */
  public record Same() implements Longer {
    @Override
    public int sets() {
      return 1;
    }

    @Override
    public int set(int length) {
      return 0;
    }
  }

  /**
   * Another set beyond a length, as longrope has it (Ding et al. 2024).
   *
   * @param trained the last length of set 0
   * @param frequencies of longer texts
   */
  public record Switched(int trained, List<Double> frequencies) implements Longer {
    @Override
    public int sets() {
      return 2;
    }

    @Override
    public int set(int length) {
      return length > trained ? 1 : 0;
    }
  }

  /**
   * Each length beyond one has its own, as in dynamic scaling: theta grows with the text.
   *
   * @param trained the last length of set 0
   * @param longest the last length of all
   * @param factor how fast theta grows
   */
  public record Growing(int trained, int longest, double factor) implements Longer {
    @Override
    public int sets() {
      return 1 + longest - trained;
    }

    @Override
    public int set(int length) {
      return Math.max(0, length - trained);
    }

    /** Here the config states those of the training. */
    @Override
    public int longest(int positions) {
      return longest;
    }

    /** Theta to the power of -2 i / D, with theta times growth to the power of D / (D - 2). */
    private double slowed(double frequency, int i, int width, int set) {
      double growth = factor * (trained + set) / trained - (factor - 1);
      return frequency * Math.pow(growth, -2.0 * i / (width - 2));
    }
  }

  /** How much of a head is rotated. */
  public int width() {
    return 2 * frequencies.size();
  }

  /** The frequencies of a set. */
  public List<Double> frequencies(int set) {
    if (set > 0 && longer instanceof Switched switched) {
      return switched.frequencies();
    }
    if (set > 0 && longer instanceof Growing growing) {
      return IntStream.range(0, frequencies.size())
          .mapToObj(i -> growing.slowed(frequencies.get(i), i, width(), set))
          .toList();
    }
    return frequencies;
  }
}
