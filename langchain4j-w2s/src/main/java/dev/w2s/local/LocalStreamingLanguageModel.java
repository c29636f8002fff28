// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.w2s.model.CausalModel;
import java.util.concurrent.Executor;

/**
 * A {@link CausalModel} as a LangChain4j {@link StreamingLanguageModel}: {@link
 * LocalLanguageModel}, token by token, with the same text under a seed.
 *
 * @param model how it continues prompts
 * @param executor runs the streams; all callbacks of one come from one of its threads
 */
public record LocalStreamingLanguageModel(LocalLanguageModel model, Executor executor)
    implements StreamingLanguageModel {

  /** Checks the components. */
  public LocalStreamingLanguageModel {
    requireNonNull(model, "model");
    requireNonNull(executor, "executor");
  }

  /** With daemon threads that end when idle. */
  public LocalStreamingLanguageModel(LocalLanguageModel model) {
    this(model, DaemonThreads.unbounded("w2s-stream"));
  }

  /** Continues a prompt; what fails is told by {@code onError}. */
  @Override
  public void generate(String prompt, StreamingResponseHandler<String> handler) {
    LanguageCallbacks callbacks = new LanguageCallbacks(handler, () -> false);
    executor.execute(
        () -> callbacks.run(out -> model.generation(prompt).streamed(out, () -> false).response()));
  }
}
