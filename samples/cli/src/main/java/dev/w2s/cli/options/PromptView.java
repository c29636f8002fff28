// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.cli.io.Messages;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Makes one model's options of those of the command line. An option that the prompt has no use for
 * is an error of usage.
 *
 * @param spec the command
 * @param prefix of the options' names
 */
record PromptView(CommandSpec spec, String prefix) {

  PromptOptions options(
      Prompt prompt,
      @Nullable String system,
      @Nullable String template,
      @Nullable String chatTemplate,
      @Nullable String suffix) {
    boolean conversation = prompt instanceof Prompt.Conversation;
    refuse(conversation ? template : null, "template", "is for raw prompts");
    refuse(conversation ? null : chatTemplate, "chat-template", "is for conversations");
    refuse(conversation ? null : suffix, "suffix", "is for conversations");
    PromptOptions options =
        PromptOptions.defaults()
            .withSystem(requireNonNullElse(system, ""))
            .withSuffix(requireNonNullElse(suffix, ""));
    try {
      return options
          .withTextTemplate(requireNonNullElse(template, options.textTemplate()))
          .withChatTemplate(chatTemplate == null ? null : Messages.text(chatTemplate));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), prefix + "template: " + e.getMessage(), e);
    }
  }

  private void refuse(@Nullable String value, String name, String why) {
    if (value != null) {
      throw new ParameterException(
          spec.commandLine(), "%s%s is '%s'; it %s".formatted(prefix, name, value, why));
    }
  }
}
