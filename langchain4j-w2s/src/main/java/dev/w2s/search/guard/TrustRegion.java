// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import dev.w2s.search.Contender;
import dev.w2s.search.Guard;
import dev.w2s.search.Hypothesis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Lets the scores pull the search only so far from what the large model says by itself, and not
 * towards text that is known to be bad. With it a beam is a set of particles, chosen by chance.
 *
 * <ol>
 *   <li>Ended and unended contenders are weighed apart: how often a response ends is left to the
 *       large model.
 *   <li>What a contender has gained over its parent counts, less what the gains of the round owe to
 *       unlikely text or to repetition ({@link Harm}).
 *   <li>A contender's chance is its share of the draws times exp(gain/τ), with the lowest
 *       temperature τ, in nats, at which the chances differ from the shares by no more than the
 *       divergence allowed (Kullback-Leibler, in nats) for each token that the round brought.
 *   <li>The places are filled by systematic resampling (Kitagawa 1996): each contender gets its
 *       chance times the number of places, rounded up or down by chance. The response is one of
 *       them, whichever.
 * </ol>
 *
 * <p>The whole response so differs from the large model's own by no more than the divergence times
 * its tokens, in expectation, whatever W, K and L are and however large the scores. Chance is drawn
 * from the contenders' texts, so that the same draws lead to the same choice.
 *
 * @param divergence nats a token by which the search may depart from the large model, above 0
 */
public record TrustRegion(double divergence) implements Guard {

  /** The divergence that has been measured to be safe and yet to gain; see docs/guard.md. */
  public static final double DEFAULT_DIVERGENCE = 0.1;

  /** Halvings of the interval in which the temperature is looked for. */
  private static final int STEPS = 50;

  /**
   * Times the range of the gains: chances that are the shares, and chances that are all or none.
   */
  private static final double HOTTEST = 1e6;

  private static final double COLDEST = 1e-6;

  /**
   * Checks the divergence.
   *
   * @throws IllegalArgumentException if it is not a number above 0
   */
  public TrustRegion {
    if (!(divergence > 0 && divergence < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "divergence is " + divergence + ", must be a number above 0");
    }
  }

  /** With {@link #DEFAULT_DIVERGENCE}. */
  public static TrustRegion defaults() {
    return new TrustRegion(DEFAULT_DIVERGENCE);
  }

  @Override
  public List<Hypothesis> choose(List<Contender> contenders, int places) {
    double budget = divergence * contenders.stream().mapToDouble(c -> c.share() * c.tokens()).sum();
    List<Contender> ordered = new ArrayList<>();
    List<Double> chances = new ArrayList<>();
    for (boolean ended : new boolean[] {false, true}) {
      List<Contender> group =
          contenders.stream().filter(c -> c.candidate().ended() == ended).toList();
      double mass = group.stream().mapToDouble(Contender::share).sum();
      ordered.addAll(group);
      for (double chance : chances(group, budget)) {
        chances.add(mass * chance);
      }
    }
    return resample(ordered, chances, places, new SplittableRandom(seed(contenders)));
  }

  /** Chances within a group, which add up to 1. */
  private static double[] chances(List<Contender> group, double budget) {
    double mass = group.stream().mapToDouble(Contender::share).sum();
    double[] shares = group.stream().mapToDouble(c -> c.share() / mass).toArray();
    double[] gains = Harm.without(group, shares);
    double range = Arrays.stream(gains).max().orElse(0) - Arrays.stream(gains).min().orElse(0);
    if (range == 0) {
      return shares;
    }
    double coldest = Math.log(COLDEST * range);
    double hottest = Math.log(HOTTEST * range);
    double low = coldest;
    double high = hottest;
    for (int i = 0; i < STEPS; i++) {
      double middle = (low + high) / 2;
      if (divergence(tilted(shares, gains, Math.exp(middle)), shares) <= budget) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return tilted(shares, gains, Math.exp(high));
  }

  /** Shares times exp(gain / temperature), made to add up to 1. */
  private static double[] tilted(double[] shares, double[] gains, double temperature) {
    double most = Arrays.stream(gains).max().orElse(0);
    double[] tilted = new double[shares.length];
    for (int i = 0; i < tilted.length; i++) {
      tilted[i] = shares[i] * Math.exp((gains[i] - most) / temperature);
    }
    double sum = Arrays.stream(tilted).sum();
    return Arrays.stream(tilted).map(value -> value / sum).toArray();
  }

  /** Kullback-Leibler divergence of chances from shares, nats. */
  private static double divergence(double[] chances, double[] shares) {
    double nats = 0;
    for (int i = 0; i < chances.length; i++) {
      if (chances[i] > 0) {
        nats += chances[i] * Math.log(chances[i] / shares[i]);
      }
    }
    return nats;
  }

  private static List<Hypothesis> resample(
      List<Contender> contenders, List<Double> chances, int places, SplittableRandom random) {
    List<Hypothesis> chosen = new ArrayList<>();
    double next = random.nextDouble();
    double sum = 0;
    for (int i = 0; i < contenders.size(); i++) {
      boolean last = i == contenders.size() - 1; // takes what rounding has left
      sum += places * chances.get(i);
      while (chosen.size() < places && (last || chosen.size() + next < sum)) {
        chosen.add(contenders.get(i).hypothesis());
      }
    }
    Collections.rotate(chosen, random.nextInt(places));
    return chosen;
  }

  private static long seed(List<Contender> contenders) {
    long seed = 0;
    for (Contender contender : contenders) {
      seed = 31 * seed + contender.candidate().wholeText().hashCode();
    }
    return seed;
  }
}
