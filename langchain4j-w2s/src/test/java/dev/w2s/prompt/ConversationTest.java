// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.prompt.Prompt.Conversation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a conversation's turns. */
class ConversationTest {
  private static final Turn QUESTION = new Turn("user", "How was it?");
  private static final Map<String, Object> CALLS = Map.of("tool_calls", List.of());

  private static Conversation of(Turn... turns) {
    return new Conversation(List.of(turns));
  }

  @Test
  void aResponseIsTheAssistantsNextTurn() {
    assertThat(of(QUESTION).isOpen()).isFalse();
    assertThat(of(QUESTION).answered("Fine."))
        .isEqualTo(of(QUESTION, new Turn("assistant", "Fine.")));
  }

  /** With what else was said of it. */
  @Test
  void aResponseGoesOnATurnThatTheAssistantHasBegun() {
    Map<String, Object> fields = Map.of("name", "critic");
    Conversation begun = of(QUESTION, new Turn("assistant", "It", fields));
    assertThat(begun.isOpen()).isTrue();
    assertThat(begun.answered(" was."))
        .isEqualTo(of(QUESTION, new Turn("assistant", "It was.", fields)));
  }

  @Test
  void callsOfToolsAndTheirResultsAreLeftOutAndWhatWasSaidBesideThemStays() {
    Turn call = new Turn("assistant", "", CALLS);
    Turn result = new Turn("tool", "5 stars");
    Turn saidBeside = new Turn("assistant", "I look it up.", CALLS);
    Turn silent = new Turn("assistant", "");
    assertThat(of(QUESTION, call, result, saidBeside, result, silent).withoutTools())
        .isEqualTo(of(QUESTION, saidBeside, silent));
  }

  @Test
  void aConversationWithoutToolsOrWithNothingElseStaysAsItIs() {
    Conversation plain = of(QUESTION, new Turn("assistant", "Fine."));
    assertThat(plain.withoutTools()).isSameAs(plain);
    Conversation nothingElse = of(new Turn("tool", "5 stars"));
    assertThat(nothingElse.withoutTools()).isSameAs(nothingElse);
  }

  @ParameterizedTest
  @ValueSource(strings = {"role", "content"})
  void whatATurnSaysByItselfIsNoFieldOfIt(String field) {
    assertThatThrownBy(() -> new Turn("user", "x", Map.of(field, "y")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[" + field + "]");
  }

  /** Templates show them in order, and nobody changes them behind a turn's back. */
  @Test
  void fieldsKeepTheirOrderAndAreCopied() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("z", 1);
    fields.put("a", 2);
    Turn turn = new Turn("user", "x", fields);
    fields.clear();
    assertThat(turn.fields().keySet()).containsExactly("z", "a");
    assertThatThrownBy(() -> turn.fields().put("b", 3))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
