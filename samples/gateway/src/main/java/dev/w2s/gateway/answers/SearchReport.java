// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.answers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * What a search tells of itself, as the object {@code w2s} of an answer: score in nats, rounds, why
 * it stopped, tokens, calls and seconds; and, where it is asked for, every hypothesis of every
 * round.
 */
final class SearchReport implements SearchListener {
  private final ObjectNode report = JsonNodeFactory.instance.objectNode();
  private final ArrayNode trace = JsonNodeFactory.instance.arrayNode();
  private final boolean traced;
  private Duration sampling = Duration.ZERO;
  private Duration scoring = Duration.ZERO;

  SearchReport(boolean traced) {
    this.traced = traced;
  }

  @Override
  public void onRound(Round round) {
    sampling = sampling.plus(round.sampling());
    scoring = scoring.plus(round.scoring());
    if (traced) {
      trace.add(json(round));
    }
  }

  @Override
  public void onEnd(SearchResult result) {
    Hypothesis best = result.best();
    if (best.isScored()) {
      report.put("score", best.score());
    }
    report.put("rounds", result.rounds());
    report.put("stop_reason", result.stopReason().name().toLowerCase(java.util.Locale.ROOT));
    report.put("sampled_tokens", result.usage().sampledTokens());
    report.put("scored_tokens", result.usage().scoredTokens());
    report.put("calls", result.usage().calls());
    report.put("sampling_seconds", seconds(sampling));
    report.put("scoring_seconds", seconds(scoring));
    if (traced) {
      report.set("trace", trace);
    }
  }

  /** The object; empty before the search has ended. */
  ObjectNode json() {
    return report;
  }

  private static ObjectNode json(Round round) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("round", round.number());
    Set<Integer> kept = new HashSet<>();
    round.kept().forEach(hypothesis -> kept.add(hypothesis.id()));
    ArrayNode candidates = json.putArray("candidates");
    for (Hypothesis hypothesis : round.candidates()) {
      ObjectNode node =
          candidates
              .addObject()
              .put("id", hypothesis.id())
              .put("parent", hypothesis.parent())
              .put("text", hypothesis.candidate().text())
              .put("tokens", hypothesis.candidate().tokens())
              .put("ended", hypothesis.candidate().ended())
              .put("draws", hypothesis.draws())
              .put("kept", kept.contains(hypothesis.id()));
      if (hypothesis.isScored()) {
        node.put("score", hypothesis.score());
      }
    }
    return json.put("overruled", round.overruled())
        .put("sampling_seconds", seconds(round.sampling()))
        .put("scoring_seconds", seconds(round.scoring()));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
