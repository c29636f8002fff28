// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import java.util.regex.Pattern;

/**
 * How a model sees a prompt: as it is, or within a template such as {@code Here is a movie review
 * from imdb: {{prompt}}}. The syntax is LangChain4j's; its own template class is not used because
 * it refuses a text of spaces, which is a prompt here.
 *
 * @param template {@code {{prompt}}} is its one variable
 */
public record PromptFormat(String template) {
  private static final String PROMPT = "{{prompt}}";
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{.*?}}");

  /** The prompt as it is. */
  public static final PromptFormat RAW = new PromptFormat(PROMPT);

  /**
   * Checks the template.
   *
   * @throws IllegalArgumentException if the template does not hold the variable, or holds another
   */
  public PromptFormat {
    boolean known = VARIABLE.matcher(template).results().allMatch(v -> v.group().equals(PROMPT));
    if (!known || !template.contains(PROMPT)) {
      throw new IllegalArgumentException(
          "prompt template is '%s'; its one variable must be %s".formatted(template, PROMPT));
    }
  }

  /** The text that the model sees. */
  public String apply(String prompt) {
    return template.replace(PROMPT, prompt);
  }
}
