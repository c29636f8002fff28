// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import dev.w2s.cli.experiment.method.Answer;
import dev.w2s.cli.experiment.models.LargeModel;
import dev.w2s.cli.experiment.models.LargeModels;
import dev.w2s.cli.experiment.models.ModelPool;
import dev.w2s.cli.experiment.plan.BasePlan;
import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.experiment.plan.FluencyPlan;
import dev.w2s.cli.experiment.plan.ModelPlan;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.prompt.Prompt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely responses are under a model that does not know of any guide.
 *
 * @param model stays the caller's
 */
public record Fluency(LargeModel.Local model) {

  /** Opens the model; null where there is none. */
  public static @Nullable Fluency open(Experiment experiment, ModelPool pool) {
    ModelPlan plan = model(experiment);
    return plan == null ? null : new Fluency(LargeModels.local(plan, pool));
  }

  /** The model that tells; null where there is none. */
  public static @Nullable ModelPlan model(Experiment experiment) {
    if (experiment.fluency() instanceof FluencyPlan.Other other) {
      return other.model();
    }
    return experiment.fluency() instanceof FluencyPlan.Base
            && experiment.base() instanceof BasePlan.Local local
        ? local.model()
        : null;
  }

  /**
   * The log-probability of a response, its end included if it ended.
   *
   * @throws dev.w2s.model.PositionLimitException if prompt and response are too long
   */
  public Score score(Prompt prompt, Answer answer) {
    try (ScoringSession session = model.model().openScoring(model.format().render(prompt))) {
      return session.score(List.of(new Response(answer.text(), answer.ended()))).get(0);
    }
  }
}
