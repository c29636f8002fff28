// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.ResponseScorer;
import dev.w2s.prompt.Prompt;
import java.util.Arrays;
import java.util.List;

/**
 * A guide as LangChain4j's {@link ScoringModel}: says of texts how much they are what the guide
 * wants of a response to the query, for instance to re-rank what was retrieved. Scores are the
 * guide's, in nats for a pair; a text that it cannot score, since it is too long, has negative
 * infinity. Safe for use by several threads. The guide stays the caller's, who closes it.
 */
public final class GuideScoringModel implements ScoringModel {
  private final ResponseScorer scorer;

  /**
   * Of a guide.
   *
   * @param guide to be closed by the caller, after the last call
   */
  public GuideScoringModel(Guide guide) {
    scorer = new ResponseScorer(guide, /* ended= */ false);
  }

  /**
   * Scores texts, all in one batch.
   *
   * @param query raw text, at least one character
   * @return for each text, in order, its score
   * @throws IllegalArgumentException if the query is empty, or the guide cannot be shown it
   */
  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    double[] scores =
        scorer.score(Prompt.of(query), segments.stream().map(TextSegment::text).toList());
    return Response.from(
        Arrays.stream(scores)
            .map(score -> Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score)
            .boxed()
            .toList());
  }
}
