// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.models;

import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.openai.Wishes;
import dev.w2s.gateway.settings.Limits;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.Budget;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together what a model's name stands for and what a request wishes, within the limits. */
public final class Planner {
  private final ServedModels models;
  private final ChunkBeam alone;
  private final ChunkBeam beam;
  private final Guard guard;
  private final Limits limits;

  /**
   * @param alone of models that nothing steers
   * @param beam of models that have none of their own
   * @param guard likewise
   */
  public Planner(ServedModels models, ChunkBeam alone, ChunkBeam beam, Guard guard, Limits limits) {
    this.models = models;
    this.alone = alone;
    this.beam = beam;
    this.guard = guard;
    this.limits = limits;
  }

  /**
   * How a request is answered.
   *
   * @throws ApiException if a wish is out of range or beyond the limits
   */
  public Plan plan(ServedModel model, Wishes wishes, int maxTokens) {
    Map<String, Double> weights = new LinkedHashMap<>(model.weights());
    if (wishes.weights() != null) {
      weights = new LinkedHashMap<>(wishes.weights());
      weights.values().removeIf(weight -> weight == 0);
    }
    List<WeightedGuide> guides = models.weighted(weights);
    ChunkBeam search = guides.isEmpty() ? alone : beam(model, wishes);
    Guard choice = first(wishes.guard(), model.guard(), guard);
    Budget budget = Budget.none().withTime(limits.time());
    SearchSettings settings =
        new SearchSettings(search, maxTokens, budget, guides.isEmpty() ? Guard.none() : choice);
    return new Plan(models.meterName(model), settings, guides, wishes.trace());
  }

  private ChunkBeam beam(ServedModel model, Wishes wishes) {
    int width = first(wishes.beamWidth(), model.beamWidth(), beam.beamWidth());
    int successors = first(wishes.successors(), model.successors(), beam.successors());
    int length = first(wishes.chunkLength(), model.chunkLength(), beam.chunkLength());
    if ((long) width * successors > limits.draws()) {
      throw ApiException.invalid(
          "w2s",
          "'w2s.beam_width' %d times 'w2s.successors' %d is more than the %d continuations a round that this server draws."
              .formatted(width, successors, limits.draws()));
    }
    if (width == 1 && successors == 1) {
      throw ApiException.invalid(
          "w2s",
          "'w2s.beam_width' and 'w2s.successors' are both 1, which leaves guides nothing to choose; ask for a model without guides.");
    }
    return new ChunkBeam(width, successors, length, beam.commitLag());
  }

  private static <T> T first(@Nullable T wished, @Nullable T own, T otherwise) {
    if (wished != null) {
      return wished;
    }
    return own != null ? own : otherwise;
  }
}
