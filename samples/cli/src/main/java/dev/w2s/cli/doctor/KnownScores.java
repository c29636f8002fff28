// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Scores of the embedded models against those of Hugging Face transformers, which {@code
 * expected-scores.json} holds.
 *
 * @param placement a device, in float32
 */
record KnownScores(Placement placement) {
  private static final String EXPECTED = "expected-scores.json";
  private static final String MODELS = "embedded:movie-reviews/";

  /** Nats a text: float32 sums in another order. */
  private static final double TOLERANCE = 1e-3;

  /**
   * A text with its score.
   *
   * @param model name of an embedded model
   * @param prompt shown as it is
   * @param response scored
   * @param ended whether its end counts
   * @param logprob of the response, nats
   */
  record Expected(String model, String prompt, String response, boolean ended, double logprob) {}

  Finding check() {
    List<Expected> all = expected();
    Map<String, List<Expected>> byModel = new LinkedHashMap<>();
    all.forEach(row -> byModel.computeIfAbsent(row.model(), m -> new ArrayList<>()).add(row));
    double largest = 0;
    for (Map.Entry<String, List<Expected>> rows : byModel.entrySet()) {
      try (CausalModel model = CausalModel.load(MODELS + rows.getKey(), placement)) {
        for (Expected row : rows.getValue()) {
          largest = Math.max(largest, error(model, row));
        }
      }
    }
    String text =
        String.format(
            Locale.ROOT,
            "%d texts of %d models, largest error %.1e nats, at most %.0e",
            all.size(),
            byModel.size(),
            largest,
            TOLERANCE);
    return new Finding("parity", text, largest <= TOLERANCE);
  }

  private static double error(CausalModel model, Expected row) {
    try (ScoringSession session = model.openScoring(Rendered.raw(row.prompt()))) {
      List<Response> response = List.of(new Response(row.response(), row.ended()));
      return Math.abs(session.score(response).get(0).logProbability() - row.logprob());
    }
  }

  static List<Expected> expected() {
    try (InputStream in =
        Objects.requireNonNull(KnownScores.class.getResourceAsStream(EXPECTED), EXPECTED)) {
      return List.of(new ObjectMapper().readValue(in, Expected[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
