// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.time.Year;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates come with models; whoever wrote them reaches nothing and holds nothing up. */
class HostileTemplatesTest {
  private static final Prompt HELLO = new Prompt.Conversation(List.of(new Turn("user", "Hello")));

  private static String show(String template) {
    return new ChatTemplate(template, "the template", Map.of()).render(HELLO).text();
  }

  /** What is no text, map or list has no properties, and these have no Java. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{{ ''.class }}]",
        "[{{ ''.class.forName('java.lang.Runtime') }}]",
        "[{{ messages.class }}]",
        "[{{ messages[0].class.forName('java.lang.Runtime') }}]",
        "[{{ loop }}]",
        "{% for m in messages %}[{{ loop.class }}{{ loop.it }}]{% endfor %}",
        "[{{ ''['class'] }}]",
        "[{{ messages['class'] }}]",
        "[{{ (1).class }}]",
        "[{{ ''.__class__ }}]",
        "[{{ range.class }}]",
        "[{{ context }}{{ interpreter }}{{ this }}]",
      })
  void reachesNothingOfJava(String template) {
    assertThat(show(template)).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.getClass() }}",
        "{{ messages.getClass() }}",
        "{{ messages.hashCode() }}",
        "{{ ''.concat('a') }}",
        "{{ messages.add(1) }}",
        "{{ messages[0].put('role', 'system') }}",
        "{{ ____int3rpr3t3r____ }}",
        "{{ ____int3rpr3t3r____.config }}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% from '/etc/passwd' import x %}",
        "{% extends '/etc/passwd' %}",
        "{% do messages.append(1) %}",
        "{% block x %}{% endblock %}",
        "{% unknown %}",
        "{{ 'x' | fromyaml }}",
        "{{ 'x' | render }}",
        "{{ 'x' | ipaddr }}",
        "{{ 'x' | unknown }}",
        "{{ type(messages) }}",
        "{{ unknown(1) }}",
        "{% if %}",
        "{{ 'x'",
        "{% for x in %}{% endfor %}",
        "{{ messages[ }}",
        "{% if 'x' is unknown %}{% endif %}",
      })
  void refusesWhatItDoesNotHave(String template) {
    assertThatThrownBy(() -> show(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the template");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(60000) %}{% for b in range(60000) %}{{ a }}{% endfor %}{% endfor %}",
        "{% for a in range(60000) %}{% for b in range(60000) %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% set ns = namespace(x='aaaaaaaaaa') %}"
            + "{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}"
            + "{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
        "{% for a in range(60000) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}",
        "{% for a in range(99999999) %}x{% endfor %}",
      })
  void endsWhatDoesNotEnd(String template) {
    assertThatThrownBy(() -> show(template)).isInstanceOf(IllegalArgumentException.class);
  }

  private static final String LONG_TEXT =
      "{% set ns = namespace(x='aaaaaaaa') %}"
          + "{% for i in range(18) %}{% set ns.x = ns.x + ns.x %}{% endfor %}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ messages | tojson(indent=1073741824) }}",
        "{{ 'a\nb' | indent(2000000000) }}",
        "{{ '%2000000000d' | format(1) }}",
        "{{ '%.2000000000f' | format(1.0) }}",
        LONG_TEXT + "{{ ns.x.replace('a', '\n') | indent(9999, blank=true) | length }}",
        LONG_TEXT + "{{ ns.x.replace('a', '\n') | indent(ns.x, blank=true) | length }}",
        LONG_TEXT + "{{ ns.x.replace('a', ns.x) | length }}",
        LONG_TEXT + "{{ ns.x | replace('a', ns.x) | length }}",
        LONG_TEXT + "{{ ns.x.join(range(60000) | list) | length }}",
        LONG_TEXT + "{{ ''.join(ns.x) | length }}",
        LONG_TEXT + "{% for c in ns.x %}{% endfor %}",
      })
  void makesNothingThatIsTooLarge(String template) {
    assertThatThrownBy(() -> show(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the template cannot show the conversation: it ");
  }

  /** What is nested costs its readers stack and time, which grows faster than the text. */
  @Test
  void refusesWhatIsNestedTooDeep() {
    String parentheses = "{{ " + "(".repeat(4_000) + "1" + ")".repeat(4_000) + " }}";
    String negations = "{{ " + "not ".repeat(2_000) + "1 }}";
    for (String template : List.of(parentheses, negations)) {
      assertThatThrownBy(() -> show(template))
          .as(template.substring(0, 20))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the template");
    }
    assertThatThrownBy(() -> show("{{ '" + "x".repeat(9_000) + "' }}"))
        .hasMessageContaining("an expression has 9004 characters; it must have at most 8192");
  }

  @ParameterizedTest
  @CsvSource({
    "{{ 1 % 0 }}, divides by zero",
    "{{ 1 % 0.0 }}, divides by zero",
    "{{ 'a' % 2 }}, takes the remainder of what is no number",
    "{{ 1 % none }}, takes the remainder of what is no number",
  })
  void refusesWhatHasNoRemainder(String template, String problem) {
    assertThatThrownBy(() -> show(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the template cannot show the conversation: it " + problem);
  }

  /** In time that grows with the text, not with its square. */
  @Test
  void splitsLongTexts() {
    String words =
        LONG_TEXT.replace("range(18)", "range(17)") + "{% set w = ns.x.replace('a', 'a ') %}";
    assertThat(show(words + "{{ w.split() | length }} {{ w.split(none, 1)[1] | length }}"))
        .isEqualTo("1048576 2097150");
  }

  @ParameterizedTest
  @CsvSource({
    "{{ 1 | tojson(sort_keys=true) }}, 'calls tojson with sort_keys, which is not supported'",
    "'{{ 1 | tojson(true, 1, 2) }}', calls tojson with 3 arguments; at most 2 are supported",
    "{{ 'a' | indent(size=1) }}, 'calls indent with size, which is not supported'",
  })
  void refusesArgumentsThatItDoesNotHave(String template, String problem) {
    assertThatThrownBy(() -> show(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the template cannot show the conversation: it " + problem);
  }

  @Test
  void slicesBySteps() {
    assertThat(show("{{ [1, 2, 3][1::2147483647] }}")).isEqualTo("[2]");
  }

  /** A model without the token: Jinja2 raises as well, where null would go into the prompt. */
  @Test
  void addsNothingToWhatIsNotThere() {
    assertThatThrownBy(() -> show("{{ bos_token + messages[0].content }}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("adds what is not there to 'Hello'");
  }

  /** As llama.cpp's, GPT4All's and ramalama's users have met them. */
  @Test
  void showsWhatOtherEnginesHaveStumbledOver() {
    assertThat(show("{% set tools = none %}{{ 'none' if tools is none else 'some' }}"))
        .isEqualTo("none");
    assertThat(
            show(
                "{{ ['a', 'code_interpreter', 'b'] | reject('equalto', 'code_interpreter') | join(', ') }}"))
        .isEqualTo("a, b");
    assertThat(
            show("{% for m in messages %}{{ ((messages)[loop.index0:])|length == 1 }}{% endfor %}"))
        .isEqualTo("True");
    assertThat(show("{% set n = '<tool_response>'|length %}{{ messages[0].content[:n] }}"))
        .isEqualTo("Hello");
    assertThat(show("{{ messages[0]['role'] | capitalize }}:{{ messages[-1:][0].content }}"))
        .isEqualTo("User:Hello");
    assertThat(show("{{ messages|selectattr('role', 'in', ['user', 'system'])|list|length }}"))
        .isEqualTo("1");
    assertThat(
            show(
                "{% set d = {'a': {'b': [1, 2]}} %}{{ d['a']['b'][-1] }}{{ messages[0].get('name', 'x') }}"))
        .isEqualTo("2x");
  }

  @Test
  void refusesATemplateThatIsTooLong() {
    assertThatThrownBy(() -> show("x".repeat(ChatTemplate.MAX_SOURCE + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the template has 262145 characters; it must have at most 262144");
  }

  /** What users say is no template. */
  @Test
  void showsWordsAsTheyAre() {
    String words = "{{ 1 + 1 }} {% for x in y %} {# no #} ${x} #{x}";
    Prompt said = new Prompt.Conversation(List.of(new Turn("user", words)));
    assertThat(
            new ChatTemplate("{{ messages[0].content }}", "the template", Map.of())
                .render(said)
                .text())
        .isEqualTo(words);
  }

  @Test
  void knowsTheTime() {
    assertThat(show("{{ strftime_now('%Y') }}"))
        .isEqualTo(Year.now(ZoneId.systemDefault()).toString());
  }

  @Test
  void refusesRawText() {
    ChatTemplate template = new ChatTemplate("x", "the template", Map.of());
    assertThatThrownBy(() -> template.render(Prompt.of("raw")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the prompt is raw text; a chat template shows conversations");
  }
}
