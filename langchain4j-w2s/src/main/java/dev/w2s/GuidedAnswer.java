// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchResult;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a guided call found, in LangChain4j's words.
 *
 * @param result what the search found
 * @param billed tokens that the large model reports for all its calls; null where it reports none
 */
record GuidedAnswer(SearchResult result, @Nullable TokenUsage billed) {
  static final String SCORE = "w2s.score";
  static final String STOP_REASON = "w2s.stopReason";
  static final String ROUNDS = "w2s.rounds";

  String text() {
    return result.best().candidate().text();
  }

  /** A text that ended is complete, whatever stopped the search that may have gone on elsewhere. */
  private FinishReason finishReason() {
    if (result.best().candidate().ended()) {
      return FinishReason.STOP;
    }
    return switch (result.stopReason()) {
      case ENDED -> FinishReason.STOP;
      case TOKEN_LIMIT, OUT_OF_POSITIONS, FINISHED, TIME_BUDGET, TOKEN_BUDGET, CALL_BUDGET ->
          FinishReason.LENGTH;
      case CANCELLED, FAILED -> FinishReason.OTHER;
    };
  }

  Response<String> response() {
    return new Response<>(text(), billed, finishReason(), metadata());
  }

  private Map<String, Object> metadata() {
    Map<String, Object> metadata = new HashMap<>();
    Hypothesis best = result.best();
    if (best.isScored()) {
      metadata.put(SCORE, best.score());
    }
    metadata.put(STOP_REASON, result.stopReason().name());
    metadata.put(ROUNDS, result.rounds());
    return metadata;
  }
}
