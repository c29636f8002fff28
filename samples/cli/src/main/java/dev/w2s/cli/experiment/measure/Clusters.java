// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.measure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Amounts that belong together in clusters, such as those of one prompt under several seeds. What
 * is estimated is a sum over another, be it a mean (over the number of samples), a share, or nats
 * over tokens.
 *
 * <p>The interval is the percentile bootstrap's (Efron 1979) over whole clusters: samples of one
 * prompt are alike, and would make an interval too narrow if each counted for itself. The same
 * clusters are drawn each time.
 */
public final class Clusters {
  private static final int RESAMPLES = 10_000;
  private static final long SEED = 1;
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;

  private final Map<Integer, Sums> sums = new LinkedHashMap<>();

  /** Of one cluster. */
  private static final class Sums {
    private double amount;
    private double per;
  }

  /** Adds one sample's amount to its cluster. */
  public void add(int cluster, double amount) {
    add(cluster, amount, 1);
  }

  /**
   * Adds an amount to its cluster.
   *
   * @param per what it is an amount of: 1 for a sample, tokens for nats
   */
  public void add(int cluster, double amount, double per) {
    Sums own = sums.computeIfAbsent(cluster, unknown -> new Sums());
    own.amount += amount;
    own.per += per;
  }

  /** The sum of the amounts over what they are amounts of; the interval needs two clusters. */
  public Estimate estimate() {
    double[] amounts = sums.values().stream().mapToDouble(s -> s.amount).toArray();
    double[] pers = sums.values().stream().mapToDouble(s -> s.per).toArray();
    double value = Arrays.stream(amounts).sum() / Arrays.stream(pers).sum();
    if (Double.isNaN(value) || amounts.length < 2) {
      return new Estimate(value, Double.NaN, Double.NaN);
    }
    double[] resampled = resampled(amounts, pers);
    return new Estimate(value, quantile(resampled, LOW), quantile(resampled, HIGH));
  }

  /** In ascending order; a resample without anything to divide by is drawn again. */
  private static double[] resampled(double[] amounts, double[] pers) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] values = new double[RESAMPLES];
    int filled = 0;
    while (filled < RESAMPLES) {
      double amount = 0;
      double per = 0;
      for (int i = 0; i < amounts.length; i++) {
        int drawn = random.nextInt(amounts.length);
        amount += amounts[drawn];
        per += pers[drawn];
      }
      if (per > 0) {
        values[filled++] = amount / per;
      }
    }
    Arrays.sort(values);
    return values;
  }

  /** Between the two nearest values in proportion, as NumPy has it. */
  static double quantile(double[] ascending, double share) {
    double place = share * (ascending.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, ascending.length - 1);
    return ascending[below] + (place - below) * (ascending[above] - ascending[below]);
  }
}
