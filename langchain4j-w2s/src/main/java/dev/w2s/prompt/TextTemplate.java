// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import java.util.regex.Pattern;

/**
 * Raw text within a template. The syntax is LangChain4j's; its own template class is not used
 * because it refuses a text of spaces, which is a prompt here.
 *
 * @param template {@code {{prompt}}} is its one variable
 */
record TextTemplate(String template) implements PromptFormat {
  private static final String PROMPT = "{{prompt}}";
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{.*?}}");

  static final TextTemplate RAW = new TextTemplate(PROMPT);

  TextTemplate {
    boolean known = VARIABLE.matcher(template).results().allMatch(v -> v.group().equals(PROMPT));
    if (!known || !template.contains(PROMPT)) {
      throw new IllegalArgumentException(
          "prompt template is '%s'; its one variable must be %s".formatted(template, PROMPT));
    }
  }

  @Override
  public Rendered render(Prompt prompt) {
    if (prompt instanceof Prompt.Text raw) {
      return Rendered.raw(template.replace(PROMPT, raw.text()));
    }
    throw new IllegalArgumentException(
        "the prompt is a conversation; a text template cannot show it, a chat template can");
  }
}
