// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.search.Candidate;
import dev.w2s.search.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code generate --method=eft --json} prints of one prompt. The components' names are the
 * keys.
 *
 * @param text the response without the prompt
 * @param ended whether it really ended
 * @param score the pair's log-ratio of the text, in nats, as {@code score} has it; null where the
 *     text is too long for a model of the pair
 * @param usage tokens that the base has drawn, and tokens that were run through the pair, which
 *     reads the text once more for the score
 * @param seconds how long the drawing took, models already loaded
 */
record SteeredReport(
    String text, boolean ended, @Nullable Double score, Tokens usage, Seconds seconds) {

  record Tokens(long sampledTokens, long scoredTokens) {}

  record Seconds(double total) {}

  static SteeredReport of(GenerateCommand.Found found, GuidancePair pair) {
    Usage usage = found.result().usage();
    Candidate best = found.result().best().candidate();
    List<Response> response = List.of(new Response(best.text(), best.ended()));
    try (PairSession session = pair.openSession(found.prompt())) {
      boolean fits = session.fit(response).get(0);
      Double score = fits ? (Double) session.score(response).get(0).logRatio() : null;
      return new SteeredReport(
          best.text(),
          best.ended(),
          score,
          new Tokens(usage.sampledTokens(), usage.scoredTokens() + session.tokensRun()),
          new Seconds(found.total().toNanos() / 1e9));
    }
  }
}
