// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptOptionsTest {
  private static final PromptOptions ALL =
      new PromptOptions("Be kind. ", "Review: {{prompt}}", "{{ x }}", " ", Map.of("x", 1));

  @Test
  void byDefaultAModelSeesPromptsInItsOwnWay() {
    assertThat(PromptOptions.defaults())
        .isEqualTo(new PromptOptions("", "{{prompt}}", null, "", Map.of()));
  }

  /** One after the other makes all of them, so each keeps what the others have set. */
  @Test
  void eachIsSetByItself() {
    assertThat(
            PromptOptions.defaults()
                .withSystem("Be kind. ")
                .withTextTemplate("Review: {{prompt}}")
                .withChatTemplate("{{ x }}")
                .withSuffix(" ")
                .withVariables(Map.of("x", 1)))
        .isEqualTo(ALL);
    assertThat(
            ALL.withVariables(Map.of())
                .withSuffix("")
                .withChatTemplate(null)
                .withTextTemplate("{{prompt}}")
                .withSystem(""))
        .isEqualTo(PromptOptions.defaults());
  }

  @Test
  void aTextTemplateIsCheckedAtOnce() {
    assertThatThrownBy(() -> ALL.withTextTemplate("no variable"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'no variable'");
  }
}
