// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import dev.w2s.search.Contender;
import dev.w2s.search.Guard;
import dev.w2s.search.Hypothesis;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Lets the scores pull the search only so far from what the large model says by itself, and not
 * towards text that is known to be bad. With it a beam is a set of particles, chosen by chance.
 *
 * <ol>
 *   <li>Ended and unended contenders are weighed apart: how often a response ends is left to the
 *       large model.
 *   <li>What a contender has gained over its parent counts. The chances are those of the largest
 *       expected gain that diverge from the shares of the draws by no more than the divergence
 *       allowed (Kullback-Leibler, in nats) for each token that the round brought, and that make
 *       the text on average neither less likely nor more repetitive than the draws are ({@link
 *       Harm}, {@link Tilt}).
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
  public static final double DEFAULT_DIVERGENCE = 0.08;

  /** Steps between two places; so coarse that rounding never costs one. */
  private static final int STEPS = 1 << 20;

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
    Map<Contender, Double> chances = new LinkedHashMap<>();
    contenders.stream()
        .collect(Collectors.partitioningBy(contender -> contender.candidate().ended()))
        .values()
        .forEach(group -> chances.putAll(chances(group, budget)));
    return resample(chances, places, seed(contenders));
  }

  /** The group keeps its share of all, whatever the chances within. */
  private static Map<Contender, Double> chances(List<Contender> group, double budget) {
    double mass = group.stream().mapToDouble(Contender::share).sum();
    double[] shares = group.stream().mapToDouble(c -> c.share() / mass).toArray();
    double[] within =
        new Tilt(
                shares,
                group.stream().mapToDouble(Contender::gain).toArray(),
                Harm.of(group, shares),
                budget)
            .chances();
    Map<Contender, Double> chances = new LinkedHashMap<>();
    for (int i = 0; i < within.length; i++) {
      chances.put(group.get(i), mass * within[i]);
    }
    return chances;
  }

  /** One place at every whole number, all moved by the same chance, along the chances in a row. */
  private static List<Hypothesis> resample(Map<Contender, Double> chances, int places, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double moved = random.nextInt(STEPS) / (double) STEPS;
    List<Hypothesis> chosen = new ArrayList<>();
    double end = 0;
    for (Map.Entry<Contender, Double> entry : chances.entrySet()) {
      end += places * entry.getValue();
      int before = Math.min(places, (int) Math.ceil(end - moved));
      chosen.addAll(Collections.nCopies(before - chosen.size(), entry.getKey().hypothesis()));
    }
    Collections.rotate(chosen, random.nextInt(places));
    return chosen;
  }

  private static long seed(List<Contender> contenders) {
    return contenders.stream().map(c -> c.candidate().wholeText()).toList().hashCode();
  }
}
