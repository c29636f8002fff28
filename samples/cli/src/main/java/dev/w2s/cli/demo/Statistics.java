// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import java.util.List;
import java.util.Locale;

/**
 * A sample's mean and how sure it is.
 *
 * @param mean the mean
 * @param standardError the sample's standard deviation (n - 1) over the root of its size
 */
public record Statistics(double mean, double standardError) {

  /** Of at least two values. */
  public static Statistics of(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    int n = values.size();
    return new Statistics(mean, Math.sqrt(squares / (n - 1) / n));
  }

  /** The middle value, or the mean of the two in the middle. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  /** As in {@code +1.23 +/- 0.45}. */
  public String signed() {
    return String.format(Locale.ROOT, "%+.2f +/- %.2f", mean, standardError);
  }
}
