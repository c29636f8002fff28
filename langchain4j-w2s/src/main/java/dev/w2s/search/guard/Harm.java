// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import dev.w2s.search.Contender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What makes text bad whatever a guide says of it: the large model finds it unlikely, or it repeats
 * itself. Gains that come with either are not believed: least squares over the contenders tells how
 * much of the gains the two explain, and that part is taken away. Gains that come in spite of them
 * stay as they are, so a guide may still lead to likelier and less repetitive text.
 */
final class Harm {

  /** Passes over the two; what they have in common halves the error at least each time. */
  private static final int PASSES = 30;

  /** Of the gains' spread; what harm explains in full leaves less, which is rounding. */
  private static final double ROUNDING = 1e-9;

  private Harm() {}

  /**
   * The gains of contenders without what is owed to harm.
   *
   * @param shares weights of the contenders, which add up to 1
   * @return about their mean, nats
   */
  static double[] without(List<Contender> contenders, double[] shares) {
    double[] rest = centred(contenders, shares, Contender::gain);
    double unit = Math.max(ROUNDING * Math.sqrt(product(shares, rest, rest)), Double.MIN_NORMAL);
    List<double[]> harms = new ArrayList<>(List.of(centred(contenders, shares, Harm::repetition)));
    if (contenders.stream().allMatch(contender -> Double.isFinite(unlikeliness(contender)))) {
      harms.add(centred(contenders, shares, Harm::unlikeliness));
    }
    double[] slopes = new double[harms.size()];
    for (List<double[]> pass : Collections.nCopies(PASSES, harms)) {
      for (int i = 0; i < slopes.length; i++) {
        slopes[i] = fit(rest, slopes[i], pass.get(i), shares);
      }
    }
    return Arrays.stream(rest).map(gain -> Math.rint(gain / unit) * unit).toArray();
  }

  /**
   * Fits one slope to what the others leave, and takes the change from the rest.
   *
   * @return the new slope, not negative
   */
  private static double fit(double[] rest, double slope, double[] harm, double[] shares) {
    double variance = product(shares, harm, harm);
    if (variance == 0) {
      return 0;
    }
    double fitted = Math.max(0, slope + product(shares, rest, harm) / variance);
    for (int i = 0; i < rest.length; i++) {
      rest[i] -= (fitted - slope) * harm[i];
    }
    return fitted;
  }

  /** Nats by which it is less likely than its parent; not finite where that is not known. */
  private static double unlikeliness(Contender contender) {
    return contender.parent().candidate().logProbability() - contender.candidate().logProbability();
  }

  /** Repeated pairs of words that it has more than its parent. */
  private static double repetition(Contender contender) {
    return (double) Repetition.of(contender.candidate().wholeText())
        - Repetition.of(contender.parent().candidate().wholeText());
  }

  private static double[] centred(
      List<Contender> contenders, double[] shares, ToDoubleFunction<Contender> of) {
    double[] values = contenders.stream().mapToDouble(of).toArray();
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      mean += shares[i] * values[i];
    }
    double centre = mean;
    return Arrays.stream(values).map(value -> value - centre).toArray();
  }

  private static double product(double[] shares, double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += shares[i] * a[i] * b[i];
    }
    return sum;
  }
}
