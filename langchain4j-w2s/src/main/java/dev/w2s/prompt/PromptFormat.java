// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

/** How a model sees a prompt. */
@FunctionalInterface
public interface PromptFormat {

  /**
   * What the model reads.
   *
   * @throws IllegalArgumentException if this format cannot show such a prompt
   */
  Rendered render(Prompt prompt);

  /**
   * This format with words in front of every prompt: directly before raw text, and in a
   * conversation as a system message before those already there, or in front of the first user turn
   * where the template has no place for one.
   *
   * @param words empty for none
   */
  default PromptFormat withSystem(String words) {
    return words.isEmpty() ? this : new SystemFormat(this, words);
  }

  /** Raw text as it is. */
  static PromptFormat raw() {
    return TextTemplate.RAW;
  }

  /**
   * Raw text within a template such as {@code Here is a movie review from imdb: {{prompt}}}.
   *
   * @param template {@code {{prompt}}} is its one variable
   * @throws IllegalArgumentException if the template does not hold the variable, or holds another
   */
  static PromptFormat template(String template) {
    return new TextTemplate(template);
  }

  /**
   * Raw text as it is, and a conversation as paragraphs, each behind its role ({@code System:},
   * {@code User:}, {@code Assistant:}), the assistant's last one left open: for models without a
   * chat template.
   */
  static PromptFormat plain() {
    return PlainFormat.INSTANCE;
  }
}
