// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import dev.w2s.search.Contender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What makes text bad whatever a guide says of it: the large model finds it unlikely, or it repeats
 * itself.
 */
final class Harm {

  private Harm() {}

  /**
   * What each contender adds of it to its parent, over or under the mean of all.
   *
   * @param shares weights of the contenders, which add up to 1
   * @return repeated pairs of words, and nats of unlikeliness where they are known of all
   */
  static List<double[]> of(List<Contender> contenders, double[] shares) {
    List<double[]> harms = new ArrayList<>(List.of(centred(contenders, shares, Harm::repetition)));
    if (contenders.stream().allMatch(contender -> Double.isFinite(unlikeliness(contender)))) {
      harms.add(centred(contenders, shares, Harm::unlikeliness));
    }
    return harms;
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
}
