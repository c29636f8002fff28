// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.shell.AnyText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How the large model sees the prompt. What is not given is as the model has it. */
public final class LargePromptOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Template of a raw prompt for the large model, with {{prompt}}.")
  private @Nullable String template;

  @Option(
      names = "--chat-template",
      paramLabel = "FILE",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Jinja chat template in place of the large model's own.")
  private @Nullable String chatTemplate;

  @Option(
      names = "--suffix",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Follows the conversation as the large model sees it.")
  private @Nullable String suffix;

  /** How the large model sees a prompt. */
  public PromptOptions options(Prompt prompt) {
    return new PromptView(spec, "--").options(prompt, null, template, chatTemplate, suffix);
  }
}
