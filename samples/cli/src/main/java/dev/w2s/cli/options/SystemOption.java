// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import dev.w2s.shell.AnyText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What is said before a prompt. */
public final class SystemOption {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "System message: makes a conversation of two turns of a prompt.")
  private @Nullable String text;

  /**
   * A prompt as it is, or as a conversation with the system message.
   *
   * @throws ParameterException if it is empty
   */
  public Prompt prompt(String prompt) {
    return text == null
        ? Prompt.of(prompt)
        : new Prompt.Conversation(List.of(new Turn("system", text), new Turn("user", prompt)));
  }

  /** A conversation, which has its own system message. */
  public Prompt conversation(Prompt.Conversation conversation) {
    if (text != null) {
      throw new ParameterException(
          spec.commandLine(), "--system is '" + text + "'; --messages hold their own");
    }
    return conversation;
  }
}
