// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How the two models of a pair see the prompt. What is not given is as the model has it. */
public final class PairPromptOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--tuned-template",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Template of a raw prompt for the tuned model, with {{prompt}}.")
  private @Nullable String tunedTemplate;

  @Option(
      names = "--untuned-template",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The same for the untuned model; each stands alone.")
  private @Nullable String untunedTemplate;

  @Option(
      names = "--tuned-chat-template",
      paramLabel = "FILE",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Jinja chat template in place of the tuned model's own.")
  private @Nullable String tunedChatTemplate;

  @Option(
      names = "--untuned-chat-template",
      paramLabel = "FILE",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The same for the untuned model.")
  private @Nullable String untunedChatTemplate;

  @Option(
      names = "--tuned-suffix",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Follows the conversation as the tuned model sees it.")
  private @Nullable String tunedSuffix;

  @Option(
      names = "--untuned-suffix",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The same for the untuned model.")
  private @Nullable String untunedSuffix;

  /** How the tuned model sees a prompt. */
  public PromptOptions tuned(Prompt prompt) {
    return new PromptView(spec, "--tuned-")
        .options(prompt, tunedTemplate, tunedChatTemplate, tunedSuffix);
  }

  /** How the untuned model sees a prompt. */
  public PromptOptions untuned(Prompt prompt) {
    return new PromptView(spec, "--untuned-")
        .options(prompt, untunedTemplate, untunedChatTemplate, untunedSuffix);
  }
}
