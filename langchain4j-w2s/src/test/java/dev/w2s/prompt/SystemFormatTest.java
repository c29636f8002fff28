// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.template.ChatTemplate;
import dev.w2s.prompt.Prompt.Conversation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the words must stand is written by hand, after what the families' templates do. */
class SystemFormatTest {
  private static final String KIND = "Be kind. ";
  private static final String ALL =
      "{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}{% endfor %}";

  private static final Conversation ASKED =
      new Conversation(List.of(new Turn("user", "How was it?")));
  private static final Conversation INSTRUCTED =
      new Conversation(List.of(new Turn("system", "Be brief."), new Turn("user", "How was it?")));

  private static String shown(String template, Prompt prompt) {
    PromptFormat format = new ChatTemplate(template, "a template", Map.of());
    return format.withSystem(KIND).render(prompt).text();
  }

  @Test
  void standsDirectlyBeforeRawText() {
    PromptFormat format = PromptFormat.template("Review: {{prompt}}").withSystem(KIND);
    assertThat(format.render(Prompt.of("This movie")))
        .isEqualTo(Rendered.raw("Review: Be kind. This movie"));
  }

  @Test
  void isASystemMessageBeforeThoseThatAreThere() {
    assertThat(shown(ALL, ASKED)).isEqualTo("[system]Be kind.[user]How was it?");
    assertThat(shown(ALL, INSTRUCTED))
        .isEqualTo("[system]Be kind.[system]Be brief.[user]How was it?");
    assertThat(PromptFormat.plain().withSystem("Be kind.").render(ASKED).text())
        .isEqualTo("System: Be kind.\n\nUser: How was it?\n\nAssistant:");
  }

  @Test
  void beginsTheOneSystemMessageThatATemplateAllows() {
    String one =
        "{% for m in messages %}{% if m.role == 'system' and not loop.first %}"
            + "{{ raise_exception('one') }}{% endif %}[{{ m.role }}]{{ m.content }}{% endfor %}";
    assertThat(shown(one, ASKED)).isEqualTo("[system]Be kind. [user]How was it?");
    assertThat(shown(one, INSTRUCTED)).isEqualTo("[system]Be kind. \n\nBe brief.[user]How was it?");
  }

  @Test
  void beginsTheFirstUserTurnWhereATemplateKnowsNoSystemMessage() {
    String raises =
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('none') }}{% endif %}"
            + "[{{ m.role }}]{{ m.content }}{% endfor %}";
    String leavesOut =
        "{% for m in messages %}{% if m.role != 'system' %}[{{ m.role }}]{{ m.content }}{% endif %}"
            + "{% endfor %}";
    assertThat(shown(raises, ASKED)).isEqualTo("[user]Be kind. \n\nHow was it?");
    assertThat(shown(leavesOut, ASKED)).isEqualTo("[user]Be kind. \n\nHow was it?");
    assertThat(shown(leavesOut, INSTRUCTED)).isEqualTo("[user]Be kind. \n\nHow was it?");
  }

  @Test
  void aTemplateThatShowsItNowhereIsNamed() {
    assertThatThrownBy(() -> shown("hello", ASKED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the chat template shows 'Be kind. ' neither as a system message nor in front of a user"
                + " turn");
  }

  @Test
  void whatIsWrongWithoutTheWordsIsToldOf() {
    assertThatThrownBy(() -> shown("{{ raise_exception('never') }}", ASKED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never");
  }

  @Test
  void noWordsChangeNothing() {
    assertThat(PromptFormat.plain().withSystem("")).isSameAs(PromptFormat.plain());
  }
}
