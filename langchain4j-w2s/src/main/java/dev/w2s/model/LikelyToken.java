// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A token that may come next.
 *
 * @param id in the model's vocabulary
 * @param logProbability nats given what precedes
 */
public record LikelyToken(int id, double logProbability) {
  private static final Comparator<LikelyToken> LEAST_LIKELY_FIRST =
      Comparator.comparingDouble(LikelyToken::logProbability)
          .thenComparing(LikelyToken::id, Comparator.reverseOrder());

  /**
   * The likeliest of a vocabulary, best first; of equals the one with the lower id.
   *
   * @param nats of every token
   */
  static List<LikelyToken> of(float[] nats, int number) {
    PriorityQueue<LikelyToken> best = new PriorityQueue<>(LEAST_LIKELY_FIRST);
    for (int id = 0; id < nats.length; id++) {
      best.add(new LikelyToken(id, nats[id]));
      if (best.size() > number) {
        best.remove();
      }
    }
    List<LikelyToken> sorted = new ArrayList<>(best);
    sorted.sort(LEAST_LIKELY_FIRST.reversed());
    return List.copyOf(sorted);
  }
}
