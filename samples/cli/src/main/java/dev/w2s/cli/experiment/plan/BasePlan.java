// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import dev.w2s.prompt.PromptOptions;
import dev.w2s.sampling.OpenAiCompatible.Api;
import dev.w2s.sampling.continuation.Continuation;
import org.jspecify.annotations.Nullable;

/** The frozen large model. */
public sealed interface BasePlan {

  /** As the report calls it. */
  String title();

  /** In this process. */
  record Local(ModelPlan model) implements BasePlan {
    @Override
    public String title() {
      return model.model().written();
    }
  }

  /**
   * Behind a server with OpenAI's API.
   *
   * @param continuation how the chat goes on; null for the server's own way
   * @param tokenizer renders conversations; null if the server does
   * @param view how it sees a prompt
   */
  record Served(
      ServerPlan server,
      Api api,
      @Nullable Continuation continuation,
      @Nullable Reference tokenizer,
      PromptOptions view)
      implements BasePlan {
    @Override
    public String title() {
      return server.url() + "#" + server.model();
    }
  }
}
