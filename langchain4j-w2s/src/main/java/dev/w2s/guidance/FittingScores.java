// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.PositionLimitException;
import dev.w2s.search.PositionsExhaustedException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Scores what fits into a model: a text that is too long is no reason to give up on the others.
 *
 * @param <T> what is scored
 * @param score of texts that all fit, in order
 * @param fit for each text whether it does; asked only where one does not
 */
record FittingScores<T>(Function<List<T>, double[]> score, Function<List<T>, List<Boolean>> fit) {

  /**
   * The scores of all, NaN for those that are too long.
   *
   * @throws PositionsExhaustedException if all are
   */
  double[] of(List<T> texts) {
    try {
      return score.apply(texts);
    } catch (PositionLimitException e) {
      return ofThoseThatFit(texts, e);
    }
  }

  private double[] ofThoseThatFit(List<T> texts, PositionLimitException tooLong) {
    List<Boolean> fits = fit.apply(texts);
    int[] fitting = IntStream.range(0, texts.size()).filter(fits::get).toArray();
    if (fitting.length == 0) {
      throw new PositionsExhaustedException(
          "a small model is full: " + tooLong.getMessage(), tooLong);
    }
    double[] scores = score.apply(Arrays.stream(fitting).mapToObj(texts::get).toList());
    double[] all = new double[texts.size()];
    Arrays.fill(all, Double.NaN);
    for (int i = 0; i < fitting.length; i++) {
      all[fitting[i]] = scores[i];
    }
    return all;
  }
}
