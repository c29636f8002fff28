// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNull;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A guide at whole responses, outside of any search: to rank answers, or to judge one.
 *
 * @param guide stays the caller's
 * @param ended whether responses really ended, so that their ends count; passages that were cut out
 *     of a text did not
 */
public record ResponseScorer(Guide guide, boolean ended) {

  /** Checks the guide. */
  public ResponseScorer {
    requireNonNull(guide, "guide");
  }

  /**
   * Scores responses to one prompt.
   *
   * @param responses may be equal to each other
   * @return for each response, in order, its score, higher is better; NaN for one that the guide
   *     cannot score
   * @throws IllegalArgumentException if the guide cannot be shown the prompt
   */
  public double[] score(Prompt prompt, List<String> responses) {
    List<String> distinct = responses.stream().distinct().toList();
    Map<String, Double> scores = new HashMap<>();
    if (!distinct.isEmpty()) {
      double[] nats = scoreDistinct(prompt, distinct);
      for (int i = 0; i < nats.length; i++) {
        scores.put(distinct.get(i), nats[i]);
      }
    }
    return responses.stream().mapToDouble(scores::get).toArray();
  }

  /**
   * The best of several responses; of equals the first.
   *
   * @param responses at least one that the guide can score
   * @throws IllegalArgumentException if there is none, or the guide cannot be shown the prompt
   */
  public String best(Prompt prompt, List<String> responses) {
    double[] scores = score(prompt, responses);
    return IntStream.range(0, scores.length)
        .filter(i -> !Double.isNaN(scores[i]))
        .boxed()
        .max(
            Comparator.<Integer>comparingDouble(i -> scores[i])
                .thenComparing(Comparator.reverseOrder()))
        .map(responses::get)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "none of the %d responses can be scored".formatted(scores.length)));
  }

  private double[] scoreDistinct(Prompt prompt, List<String> texts) {
    Candidate.Status status = ended ? Candidate.Status.ENDED : Candidate.Status.OPEN;
    double[] nats;
    try (CandidateScorer scorer = guide.open(prompt)) {
      nats = scorer.score(texts.stream().map(text -> new Candidate(text, 0, status)).toList());
    } catch (PositionsExhaustedException e) {
      nats = texts.stream().mapToDouble(text -> Double.NaN).toArray();
    }
    if (nats.length != texts.size()) {
      throw new IllegalStateException(
          "the guide returned %d scores for %d responses, must return one for each"
              .formatted(nats.length, texts.size()));
    }
    return nats;
  }
}
