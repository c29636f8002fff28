// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import java.util.Arrays;
import java.util.List;

/**
 * The chances that gain most among those that are near enough to the shares and do no more harm
 * than they: of all p with KL(p‖shares) ≤ budget and E_p[harm] ≤ 0 for each harm, the one of the
 * largest E_p[gain]. By duality it is the shares times exp((gain − Σ price·harm) / τ), where no
 * price is negative, and a price is above 0 only where its harm would grow without it. So what a
 * gain owes to harm does not count, and what it has in spite of it does.
 *
 * <p>Found by moving one price at a time by the harm that is too much over its variance (Newton's
 * step), and the temperature τ after each.
 */
final class Tilt {
  private static final int MOST_PASSES = 100;
  private static final int HALVINGS = 40;

  /** Times the range of the gains: chances that are the shares. */
  private static final double HOTTEST = 1e6;

  /** Times the range of the gains: colder is not needed to tell the best from the second best. */
  private static final double COLDEST = 1e-2;

  /** Of the harm's spread; what is left of it after the last step. */
  private static final double EXACT = 1e-6;

  private final double[] shares;
  private final double[] gains;
  private final List<double[]> harms;
  private final double budget;
  private final double range;
  private final double[] prices;

  /**
   * @param shares weights of the contenders, above 0, which add up to 1
   * @param gains of the contenders, nats
   * @param harms of the contenders, each of the mean 0 over the shares
   * @param budget most nats by which the chances may diverge from the shares
   */
  Tilt(double[] shares, double[] gains, List<double[]> harms, double budget) {
    this.shares = shares;
    this.gains = gains;
    this.harms = harms.stream().filter(harm -> variance(shares, harm) > 0).toList();
    this.budget = budget;
    range = Arrays.stream(gains).max().orElse(0) - Arrays.stream(gains).min().orElse(0);
    prices = new double[this.harms.size()];
  }

  /** The chances, which add up to 1. */
  double[] chances() {
    if (range == 0) {
      return shares;
    }
    double off = Double.MAX_VALUE;
    for (int pass = 0; pass < MOST_PASSES && off > EXACT; pass++) {
      off = 0;
      for (int i = 0; i < prices.length; i++) {
        off = Math.max(off, adjust(i));
      }
    }
    return tilted(temperature());
  }

  /**
   * Moves a price.
   *
   * @return the harm that was too much, or too little at a price, in standard deviations
   */
  private double adjust(int i) {
    double[] harm = harms.get(i);
    double spread = variance(shares, harm);
    double temperature = temperature();
    double[] chances = tilted(temperature);
    double excess = mean(chances, harm);
    double step = temperature * excess / Math.max(spread, variance(chances, harm));
    double before = prices[i];
    prices[i] = Math.max(0, before + step);
    return before == 0 && prices[i] == 0 ? 0 : Math.abs(excess) / Math.sqrt(spread);
  }

  /** The lowest at which the chances are near enough to the shares. */
  private double temperature() {
    double cold = Math.log(COLDEST * range);
    if (divergence(tilted(Math.exp(cold))) <= budget) {
      return Math.exp(cold);
    }
    double hot = Math.log(HOTTEST * range);
    for (int i = 0; i < HALVINGS; i++) {
      double warm = (cold + hot) / 2;
      if (divergence(tilted(Math.exp(warm))) <= budget) {
        hot = warm;
      } else {
        cold = warm;
      }
    }
    return Math.exp(hot);
  }

  /** Shares times exp(worth / temperature), made to add up to 1. */
  private double[] tilted(double temperature) {
    double[] worth = gains.clone();
    for (int i = 0; i < prices.length; i++) {
      for (int j = 0; j < worth.length; j++) {
        worth[j] -= prices[i] * harms.get(i)[j];
      }
    }
    double most = Arrays.stream(worth).max().orElse(0);
    for (int j = 0; j < worth.length; j++) {
      worth[j] = shares[j] * Math.exp((worth[j] - most) / temperature);
    }
    double sum = Arrays.stream(worth).sum();
    return Arrays.stream(worth).map(value -> value / sum).toArray();
  }

  /** Kullback-Leibler divergence of chances from shares, nats; what has no chance adds nothing. */
  private double divergence(double[] chances) {
    double nats = 0;
    for (int i = 0; i < chances.length; i++) {
      nats += chances[i] * Math.log(Math.max(chances[i], Double.MIN_NORMAL) / shares[i]);
    }
    return nats;
  }

  private static double mean(double[] chances, double[] values) {
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      mean += chances[i] * values[i];
    }
    return mean;
  }

  private static double variance(double[] chances, double[] values) {
    double mean = mean(chances, values);
    double variance = 0;
    for (int i = 0; i < values.length; i++) {
      variance += chances[i] * (values[i] - mean) * (values[i] - mean);
    }
    return variance;
  }
}
