// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.console.chat.Drawing;
import dev.w2s.console.chat.LargeModel;
import dev.w2s.console.chat.Reader;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.model.CausalModel;
import dev.w2s.prompt.PromptOptions;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A large model in this process.
 *
 * @param model closed with it
 */
record LoadedModel(CausalModel model) implements LargeModel {

  /** Rare words draw a small model off; the command line's default as well. */
  private static final int TOP_K = 50;

  private static final double TEMPERATURE = 0.7;

  /**
   * Loads it.
   *
   * @throws SetupException if it cannot be loaded
   */
  static LoadedModel of(Given reference) {
    try {
      return new LoadedModel(CausalModel.load(reference.value()));
    } catch (RuntimeException e) {
      throw new SetupException(reference + "; " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return model.reference();
  }

  @Override
  public WeakToStrongStreamingChatModel.Builder onto(
      WeakToStrongStreamingChatModel.Builder builder, Drawing drawing, Executor executor) {
    Double temperature = drawing.temperature();
    return builder.delegate(
        LocalStreamingChatModel.builder()
            .model(model)
            .temperature(temperature == null ? Double.valueOf(TEMPERATURE) : temperature)
            .topK(TOP_K)
            .seed(drawing.seed())
            .executor(executor)
            .build());
  }

  @Override
  public List<Reader> readers() {
    return List.of(Reader.of(model, PromptOptions.defaults()));
  }

  @Override
  public void close() {
    model.close();
  }
}
