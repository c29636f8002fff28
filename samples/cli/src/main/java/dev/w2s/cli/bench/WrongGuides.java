// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.guidance.Guide;
import dev.w2s.model.CausalModel;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Guides that want what nobody wants: what a guard has to keep a search from. */
final class WrongGuides {
  private static final double NATS_A_REPETITION = 2;
  private static final double NATS_A_TOKEN = -10;
  private static final double NATS_OF_AN_END = 20;
  private static final double NATS_OF_NOISE = 5;

  private WrongGuides() {}

  /** Pays for every word that was there before. */
  static Guide repeating() {
    return of(
        candidate -> {
          String[] words = candidate.text().strip().toLowerCase(Locale.ROOT).split("\\W+", -1);
          Set<String> distinct = new HashSet<>(List.of(words));
          return NATS_A_REPETITION * (words.length - distinct.size());
        });
  }

  /** Pays for an end, the sooner the better. */
  static Guide endingAtOnce() {
    return of(
        candidate -> NATS_A_TOKEN * candidate.tokens() + (candidate.ended() ? NATS_OF_AN_END : 0));
  }

  /** Knows nothing: a number of its own for every text, always the same for the same seed. */
  static Guide noise(long seed) {
    return of(
        candidate ->
            NATS_OF_NOISE * new Random(31 * seed + candidate.text().hashCode()).nextGaussian());
  }

  /**
   * A pair whose tuned side has forgotten everything, and finds all tokens equally likely: it pays
   * for what the untuned one finds unlikely. The tokens of equal chunks cancel out.
   */
  static Guide collapsed(CausalModel untuned) {
    return prompt -> {
      ScoringSession session = untuned.openScoring(PromptFormat.raw().render(prompt));
      return new Scorer(session);
    };
  }

  private record Scorer(ScoringSession session) implements CandidateScorer {
    @Override
    public double[] score(List<Candidate> candidates) {
      List<Response> responses =
          candidates.stream().map(c -> new Response(c.text(), c.ended())).toList();
      return session.score(responses).stream().mapToDouble(s -> -s.logProbability()).toArray();
    }

    @Override
    public long tokensRun() {
      return session.tokensRun();
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static Guide of(ToDoubleFunction<Candidate> score) {
    return prompt -> new FunctionOfCandidates(score);
  }

  private record FunctionOfCandidates(ToDoubleFunction<Candidate> score)
      implements CandidateScorer {
    @Override
    public double[] score(List<Candidate> candidates) {
      return candidates.stream().mapToDouble(score).toArray();
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
