// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.models;

import dev.w2s.cli.experiment.plan.BasePlan;
import dev.w2s.cli.experiment.plan.ModelPlan;
import dev.w2s.cli.experiment.plan.Reference;
import dev.w2s.cli.experiment.plan.ServerPlan;
import dev.w2s.cli.options.ApiKeys;
import dev.w2s.model.CausalModel;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.sampling.OpenAiCompatible;

/** Opens large models. */
public final class LargeModels {
  private LargeModels() {}

  /**
   * Opens the base.
   *
   * @param guarded whether a server is to tell how likely its tokens are
   */
  public static LargeModel open(BasePlan base, boolean guarded, ModelPool pool) {
    return base instanceof BasePlan.Local local
        ? local(local.model(), pool)
        : new LargeModel.Served(served((BasePlan.Served) base, guarded, pool));
  }

  /** Opens a model in this process. */
  public static LargeModel.Local local(ModelPlan plan, ModelPool pool) {
    CausalModel model = pool.languageModel(plan);
    return new LargeModel.Local(model, model.tokenizer().promptFormat(plan.view()));
  }

  /** What all models behind a server are begun with. */
  public static OpenAiCompatible.Builder server(ServerPlan plan) {
    return OpenAiCompatible.builder()
        .baseUrl(plan.url())
        .modelName(plan.model())
        .apiKey(ApiKeys.read("api-key-env", plan.apiKeyEnv()));
  }

  private static OpenAiCompatible served(BasePlan.Served plan, boolean guarded, ModelPool pool) {
    OpenAiCompatible.Builder builder =
        server(plan.server())
            .api(plan.api())
            .continuation(plan.continuation())
            .logProbabilities(guarded)
            .promptTemplate(plan.view().textTemplate());
    Reference tokenizer = plan.tokenizer();
    if (tokenizer != null) {
      TokenizerDirectory directory = pool.owned(TokenizerDirectory.open(tokenizer.resolved()));
      builder.tokenizer(directory.tokenizer(), plan.view());
    }
    return builder.build();
  }
}
