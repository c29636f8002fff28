// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptOptions;
import org.jspecify.annotations.Nullable;

/** What steers. */
public sealed interface GuidePlan {
  String name();

  double weight();

  /**
   * A tuned and an untuned model, or one model that sees two prompts.
   *
   * @param tokenizer of a pair behind a server; else null
   * @param apiKeyEnv environment variable that holds that server's key; null for none
   */
  record Pair(
      String name,
      double weight,
      Reference tuned,
      Reference untuned,
      PromptOptions tunedView,
      PromptOptions untunedView,
      Placement placement,
      @Nullable Reference tokenizer,
      @Nullable String apiKeyEnv)
      implements GuidePlan {

    /** Whether both models are in this process. */
    public boolean isLocal() {
      return tokenizer == null;
    }
  }

  /** A reward model. */
  record Reward(String name, double weight, ClassifierPlan model) implements GuidePlan {}
}
