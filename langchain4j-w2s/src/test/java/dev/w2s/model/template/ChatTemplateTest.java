// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template is beside its rendering, and the limits that it may just reach. */
class ChatTemplateTest {
  private static final String TURNS =
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}"
          + "{{ '<assistant>' if add_generation_prompt }}";
  private static final Prompt.Conversation ASKED =
      new Prompt.Conversation(List.of(new Turn("user", "Hello")));
  private static final Prompt.Conversation BEGUN = ASKED.answered("Hi ");

  private static String show(String template, Map<String, Object> variables) {
    return new ChatTemplate(template, "the template", variables).render(ASKED).text();
  }

  private static String show(String template) {
    return show(template, Map.of());
  }

  @Test
  void theAssistantsTurnIsBegunLeftOpenOrClosed() {
    ChatTemplate template = new ChatTemplate(TURNS, "the template", Map.of());
    assertThat(template.render(ASKED).text()).isEqualTo("<user>Hello</><assistant>");
    assertThat(template.render(BEGUN).text()).isEqualTo("<user>Hello</><assistant>Hi ");
    assertThat(template.renderEnded(BEGUN).text()).isEqualTo("<user>Hello</><assistant>Hi </>");
    assertThat(template.renderEnded(ASKED).text()).isEqualTo("<user>Hello</>");
    // It writes the special tokens itself.
    assertThat(template.renderEnded(BEGUN).specialTokens()).isFalse();
  }

  /** As transformers' {@code continue_final_message} does it where the template trims. */
  @Test
  void whatATemplateTrimsIsNotLeftOpenWithSpace() {
    ChatTemplate template =
        new ChatTemplate(TURNS.replace("m.content", "m.content | trim"), "the template", Map.of());
    assertThat(template.render(BEGUN).text()).isEqualTo("<user>Hello</><assistant>Hi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ messages[0].content }}",
        "{{ messages[-1].content | upper }}",
        "{{ messages[-1].content | replace('Hi', 'Ho') }}",
      })
  void whatIsNotShownAsItIsCannotBeContinued(String source) {
    ChatTemplate template = new ChatTemplate(source, "the template", Map.of());
    assertThatThrownBy(() -> template.render(BEGUN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("to be continued", "the template does not show it as it is");
  }

  @Test
  void theOriginDoesNotCount() {
    Map<String, Object> variables = Map.of("bos_token", "<s>");
    ChatTemplate template = new ChatTemplate(TURNS, "one", variables);
    assertThat(template)
        .isEqualTo(new ChatTemplate(TURNS, "another", variables))
        .hasSameHashCodeAs(new ChatTemplate(TURNS, "another", variables))
        .isNotEqualTo(new ChatTemplate(TURNS + " ", "one", variables))
        .isNotEqualTo(new ChatTemplate(TURNS, "one", Map.of()))
        .isNotEqualTo(TURNS)
        .doesNotHaveSameHashCodeAs(new ChatTemplate(TURNS, "one", Map.of()));
  }

  @Test
  void isReadBeforeItShowsAnything() {
    ChatTemplate wrong = new ChatTemplate("{% if 1 %}", "the template", Map.of());
    assertThatThrownBy(wrong::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the template is no chat template: ");
    ChatTemplate right = new ChatTemplate(TURNS, "the template", Map.of());
    assertThat(right.read()).isSameAs(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ 'x' | ipaddr }}; filter 'ipaddr' is not supported",
        "{{ 'x' is divisible }}; test 'divisible' is not supported",
        "{{ 'x' is not divisible }}; test 'divisible' is not supported",
        "{{ ____x }}; names that begin with ____ are not allowed",
        "{{ 'x'; a tag that begins with '{{ 'x'' does not end",
        "{% for x in %}{% endfor %}; it has a for of 'x in', which must have",
        "{% for x %}{% endfor %}; it has a for of 'x', which must have",
        "{% for a, b in [[1, 2, 3]] %}{% endfor %}; it has a for of 2 variables; each item must have as many",
        "{% for a, b in [1] %}{% endfor %}; it has a for of 2 variables; each item must have as many",
        "{% for a, b in [none] %}{% endfor %}; it has a for of 2 variables; each item must have as many",
        "{{ raise_exception('no ' ~ [true]) }}; the template cannot show the conversation: it raises: no [True]",
        "{{ unknown(1) }}; the template cannot show the conversation: ",
        "{{ 'a'.foo() }}; calls foo, which a text does not have",
        "{{ 'a'.replace('b') }}; calls replace, which a text does not have, or not with these",
        "{{ 'a'.find() }}; calls find, which a text does not have, or not with these",
        "{{ 'a'.join(1) }}; calls join, which a text does not have, or not with these",
        "{{ [1].foo() }}; calls foo, which a list does not have",
        "{{ [1].index() }}; calls index, which a list does not have, or not with these",
        "{{ [1].count() }}; calls count, which a list does not have, or not with these",
        "{{ [1].append(2) }}; changes a list, which a chat template must not",
        "{{ messages[0].foo() }}; calls foo, which a map does not have",
        "{{ (1).foo() }}; calls foo, which that does not have",
        "{{ [1, 2][::0] }}; slices with step 0",
        "{{ 1 + x }}; adds what is not there to '1'",
        "{{ 2.5 | round(10000) }}; calls round with more than four digits",
        "{% if %}{% endif %}; if",
        "{% if 0 %}{% elif %}{% endif %}; elif",
      })
  void whatIsWrongIsNamed(String template, String problem) {
    assertThatThrownBy(() -> show(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the template")
        .hasMessageContaining(problem);
  }

  @Test
  void theLineOfAFaultIsNamed() {
    assertThatThrownBy(() -> show("a\nb\n{{ 'x' | ipaddr }}"))
        .hasMessageContaining("filter 'ipaddr' is not supported");
    assertThatThrownBy(() -> show("a\nb\n{{ unknown(1) }}")).hasMessageEndingWith("(line 3)");
  }

  /** Each reaches a limit, and one more goes beyond it. */
  @Test
  void limitsMayBeReached() {
    assertThat(show("x".repeat(ChatTemplate.MAX_SOURCE))).hasSize(ChatTemplate.MAX_SOURCE);
    // Two quotes and the spaces around them belong to the expression, whose 8192 are all.
    assertThat(show("{{ '" + "x".repeat(8188) + "' }}")).hasSize(8188);
    assertThatThrownBy(() -> show("{{ '" + "x".repeat(8189) + "' }}"))
        .hasMessageContaining("an expression has 8193 characters");
    assertThat(show("{{ " + "(".repeat(32) + "1" + ")".repeat(32) + " }}")).isEqualTo("1");
    assertThatThrownBy(() -> show("{{ " + "(".repeat(33) + "1" + ")".repeat(33) + " }}"))
        .hasMessageContaining("an expression has more than 32 brackets within each other");
    assertThat(show("{{ " + "(1) ~ ".repeat(40) + "'" + "(".repeat(40) + "' }}"))
        .isEqualTo("1".repeat(40) + "(".repeat(40));
    assertThat(show("{{ [" + "not 1, ".repeat(31) + "not 1] | length }}")).isEqualTo("32");
    assertThatThrownBy(() -> show("{{ [" + "not 1, ".repeat(32) + "not 1] | length }}"))
        .hasMessageContaining("an expression has more than 32 negations");
    assertThat(show("{{ [1] | tojson(indent=9999) | length }}")).isEqualTo("10004");
    assertThat(show("{{ '%9999d' | format(1) | length }}")).isEqualTo("9999");
  }

  /** A text of half as many characters as a text may have, 4194304. */
  private static final Map<String, Object> HALF = Map.of("half", "a".repeat(1 << 21));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "half.replace('a', 'ab')",
        "half | replace('a', 'ab')",
        "half.join(['', '', ''])",
        "half.join(['', half])",
        "half.replace('aa', 'abca')",
      })
  void textsMayBeAsLongAsTheLimit(String longest) {
    assertThat(show("{{ (" + longest + ") | length }}", HALF)).isEqualTo("4194304");
    String longer =
        longest
            .replace("['', ", "['x', ")
            .replace("half.rep", "(half ~ 'aa').rep")
            .replace("half |", "(half ~ 'a') |");
    assertThatThrownBy(() -> show("{{ (" + longer + ") | length }}", HALF))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it must have at most 4194304");
  }

  /** A loop within a loop takes 1 + n (2 + m) steps, and an expression one more. */
  @Test
  void allStepsMayBeTaken() {
    String loops =
        "{% for a in range(6) %}{% for b in range(33331) %}{% endfor %}{% endfor %}{{ 1 }}";
    assertThat(show(loops)).isEqualTo("1");
    assertThatThrownBy(() -> show(loops + "{{ 2 }}"))
        .hasMessageContaining("takes more than 200000 steps (line 1)");
  }

  @Test
  void whatIsWrittenInLoopsMayBeAsLongAsTheLimit() {
    String twice = "{% for a in [1, 2] %}{{ half }}{% endfor %}";
    assertThat(show(twice, HALF)).hasSize(1 << 22);
    assertThatThrownBy(() -> show(twice.replace("{{ half }}", "{{ half }}x"), HALF))
        .hasMessageContaining("4194304");
  }

  @Test
  void charactersAreGoneThroughUpToTheLimit() {
    Map<String, Object> texts = Map.of("x", "ab".repeat(100_000));
    assertThat(show("{{ ''.join(x) == x }}", texts)).isEqualTo("True");
    assertThatThrownBy(() -> show("{{ ''.join(x ~ 'c') }}", texts))
        .hasMessageContaining("goes through a text of 200001 characters");
  }

  /** Several conversations may be shown at once, each with steps of its own. */
  @Test
  void stepsAreCountedAnewForEachConversation() {
    ChatTemplate template =
        new ChatTemplate(
            "{% for a in range(60000) %}{% endfor %}{{ messages[0].content }}",
            "the template", Map.of());
    assertThatCode(
            () -> Collections.nCopies(5, ASKED).forEach(asked -> template.render(asked).text()))
        .doesNotThrowAnyException();
  }

  /** Space around it is the template's own, and fields beside role and content are shown, too. */
  @Test
  void fieldsOfAMessageAreShown() {
    Prompt named =
        new Prompt.Conversation(List.of(new Turn("user", "Hello", Map.of("name", "Ann"))));
    assertThat(
            new ChatTemplate("{{ messages[0] | tojson }}", "the template", Map.of())
                .render(named)
                .text())
        .isEqualTo("{\"role\": \"user\", \"content\": \"Hello\", \"name\": \"Ann\"}");
  }
}
