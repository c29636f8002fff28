// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.measure;

/**
 * A figure and how sure it is.
 *
 * @param value of the sample
 * @param low end of its 95 % interval
 * @param high end of its 95 % interval
 */
public record Estimate(double value, double low, double high) {
  /** Nothing was measured. */
  public static final Estimate NONE = new Estimate(Double.NaN, Double.NaN, Double.NaN);

  /** Whether there is a figure. */
  public boolean isKnown() {
    return !Double.isNaN(value);
  }
}
