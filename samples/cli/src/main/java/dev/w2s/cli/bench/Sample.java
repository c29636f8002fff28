// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.cli.experiment.measure.Distinct;
import dev.w2s.model.CausalModel;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is measured of one response.
 *
 * @param reward of prompt and response by the judge: log-odds of its label POSITIVE, nats
 * @param distinct2 share of the pairs of neighbouring words that are there for the first time (Li
 *     et al. 2016), from 0 to 1
 * @param nats minus log-probability of the response under the large model
 * @param tokens that counted in it
 * @param ended whether the large model ended it
 * @param seconds of the search
 */
record Sample(
    double reward, double distinct2, double nats, int tokens, boolean ended, double seconds) {

  static Sample of(
      String prompt,
      Candidate response,
      CausalModel large,
      SequenceClassifier judge,
      double seconds) {
    String text = response.wholeText();
    Map<String, Double> labels = judge.logProbabilities(prompt + text);
    double reward =
        Objects.requireNonNull(labels.get("POSITIVE"))
            - Objects.requireNonNull(labels.get("NEGATIVE"));
    try (ScoringSession session = large.openScoring(Rendered.raw(prompt))) {
      Score score = session.score(List.of(new Response(text, response.ended()))).get(0);
      return new Sample(
          reward,
          Distinct.of(text, 2),
          -score.logProbability(),
          score.tokens(),
          response.ended(),
          seconds);
    }
  }
}
