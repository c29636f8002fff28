// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptFormatTest {
  private static final Prompt CONVERSATION =
      new Prompt.Conversation(List.of(new Turn("user", "How was it?")));

  @Test
  void rawTextIsReadAsItIsAndTheTokenizerAddsItsSpecialTokens() {
    assertThat(PromptFormat.raw().render(Prompt.of(" {{x}} $1 ")))
        .isEqualTo(new Rendered(" {{x}} $1 ", true));
  }

  @Test
  void aTemplatePutsTheTextWhereItsVariableStands() {
    assertThat(PromptFormat.template("Review: {{prompt}}!{{prompt}}").render(Prompt.of("$1")))
        .isEqualTo(Rendered.raw("Review: $1!$1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no variable", "{{other}}", "{{prompt}} and {{other}}"})
  void aTemplateWithoutItsVariableOrWithAnotherIsRefused(String template) {
    assertThatThrownBy(() -> PromptFormat.template(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prompt template is '%s'; its one variable must be {{prompt}}".formatted(template));
  }

  @Test
  void aTextTemplateCannotShowAConversation() {
    assertThatThrownBy(() -> PromptFormat.raw().render(CONVERSATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the prompt is a conversation");
  }

  /** As its Javadoc shows it. */
  @Test
  void whereThereIsNoTemplateEachTurnIsAParagraphBehindItsRole() {
    Turn system = new Turn("system", "You are kind.");
    Turn question = new Turn("user", "How was the movie?");
    String asked = "System: You are kind.\n\nUser: How was the movie?\n\nAssistant:";
    assertThat(plain(system, question)).isEqualTo(Rendered.raw(asked));
    assertThat(plain(system, question, new Turn("assistant", "It was")))
        .as("the last turn stays open")
        .isEqualTo(Rendered.raw(asked + " It was"));
    assertThat(plain(system, question, new Turn("assistant", ""))).isEqualTo(Rendered.raw(asked));
    assertThat(PromptFormat.plain().render(Prompt.of("User: x")))
        .isEqualTo(Rendered.raw("User: x"));
  }

  private static Rendered plain(Turn... turns) {
    return PromptFormat.plain().render(new Prompt.Conversation(List.of(turns)));
  }

  @Test
  void emptyPromptsAreRefused() {
    String rule = "prompt is empty; it must have at least one character";
    assertThatThrownBy(() -> Prompt.of("")).hasMessage(rule);
    assertThatThrownBy(() -> new Rendered("", false)).hasMessage(rule);
    assertThatThrownBy(() -> new Prompt.Conversation(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("conversation is empty; it must have at least one turn");
    assertThatThrownBy(() -> new Turn(" ", "text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("role is ' '; it must not be blank");
  }
}
