// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.langchain4j.model.input.PromptTemplate;
import java.util.Map;

/**
 * How a model sees a prompt: as it is, or within a template such as {@code Here is a movie review
 * from imdb: {{prompt}}}.
 *
 * @param template LangChain4j's syntax; {@code {{prompt}}} is its one variable
 */
public record PromptFormat(String template) {
  private static final String VARIABLE = "prompt";

  /** The prompt as it is. */
  public static final PromptFormat RAW = new PromptFormat("{{" + VARIABLE + "}}");

  /**
   * @throws IllegalArgumentException if the template does not hold the variable, or holds another
   */
  public PromptFormat {
    if (!template.contains("{{" + VARIABLE + "}}")) {
      throw new IllegalArgumentException(
          "prompt template is '" + template + "'; it must contain {{" + VARIABLE + "}}");
    }
    try {
      fill(template, "x");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "prompt template is '%s'; its only variable must be {{%s}}: %s"
              .formatted(template, VARIABLE, e.getMessage()),
          e);
    }
  }

  /** The text that the model sees. */
  public String apply(String prompt) {
    return fill(template, prompt);
  }

  private static String fill(String template, String prompt) {
    return PromptTemplate.from(template).apply(Map.of(VARIABLE, prompt)).text();
  }
}
