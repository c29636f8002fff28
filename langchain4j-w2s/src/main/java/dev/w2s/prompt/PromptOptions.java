// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one model is shown prompts, as far as it differs from the model's own way: raw text as it is,
 * a conversation through the chat template of its directory, or {@linkplain PromptFormat#plain()
 * plainly} where there is none.
 *
 * @param system in front of the prompt: of raw text directly, with no character added; of a
 *     conversation as a system message before those already there, or in front of the first user
 *     turn where the template shows no system message; empty for none
 * @param textTemplate around raw text; {@code {{prompt}}} is its one variable
 * @param chatTemplate a Jinja chat template in place of the model's own; null for that
 * @param suffix follows a rendered conversation, as the one space that the paper adds for some
 *     models (section 5.2); empty for none
 * @param variables what the chat template reads beside the conversation, such as {@code
 *     enable_thinking}: maps with text as keys, lists, text, numbers and booleans only
 */
public record PromptOptions(
    String system,
    String textTemplate,
    @Nullable String chatTemplate,
    String suffix,
    Map<String, Object> variables) {

  private static final PromptOptions DEFAULTS =
      new PromptOptions("", TextTemplate.RAW.template(), null, "", Map.of());

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the text template's only variable is not {@code {{prompt}}}
   */
  public PromptOptions {
    requireNonNull(system, "system");
    PromptFormat.template(textTemplate);
    requireNonNull(suffix, "suffix");
    variables = Map.copyOf(variables);
  }

  /** The model's own way. */
  public static PromptOptions defaults() {
    return DEFAULTS;
  }

  /** The same with words in front of the prompt; empty for none. */
  public PromptOptions withSystem(String words) {
    return new PromptOptions(words, textTemplate, chatTemplate, suffix, variables);
  }

  /** The same with another template around raw text. */
  public PromptOptions withTextTemplate(String template) {
    return new PromptOptions(system, template, chatTemplate, suffix, variables);
  }

  /** The same with another chat template; null for the model's own. */
  public PromptOptions withChatTemplate(@Nullable String template) {
    return new PromptOptions(system, textTemplate, template, suffix, variables);
  }

  /** The same with another text behind a rendered conversation. */
  public PromptOptions withSuffix(String text) {
    return new PromptOptions(system, textTemplate, chatTemplate, text, variables);
  }

  /** The same with other variables for the chat template. */
  public PromptOptions withVariables(Map<String, Object> values) {
    return new PromptOptions(system, textTemplate, chatTemplate, suffix, values);
  }
}
