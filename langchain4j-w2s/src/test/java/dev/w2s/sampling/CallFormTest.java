// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.testkit.Logged;
import dev.w2s.testkit.ScriptedChatModel;
import org.junit.jupiter.api.Test;

class CallFormTest {
  private static final ChatRequestOptions OPTIONS =
      ChatRequestOptions.builder().addListenerAttribute("user", "Ann").build();

  /** Jlama's form. */
  private static final class RequestOnly implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request) {
      return ScriptedChatModel.text("x");
    }
  }

  /** One that has a shorter form of chat beside what LangChain4j's ends in. */
  private static final class WithShorterForm implements ChatModel {
    @Override
    public String chat(String question) {
      return "x";
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      return ScriptedChatModel.text("x");
    }
  }

  /** One that takes options in a chat of its own. */
  private static final class WithOptions implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
      return ScriptedChatModel.text("x");
    }
  }

  @Test
  void optionsThatCannotBeGivenAreDroppedWithOneWarning() {
    CallForm form = new CallForm(RequestOnly.class, ChatModel.class);
    assertThat(Logged.during(() -> assertThat(form.with(ChatRequestOptions.EMPTY)).isFalse()))
        .isEmpty();
    assertThat(Logged.during(() -> assertThat(form.with(OPTIONS)).isFalse()))
        .singleElement()
        .asString()
        .contains("RequestOnly takes no ChatRequestOptions; they are dropped");
    assertThat(Logged.during(() -> assertThat(form.with(OPTIONS)).isFalse())).isEmpty();
  }

  @Test
  void optionsAreGivenToAModelThatTakesThemOrLeavesChatToLangChain4j() {
    CallForm own = new CallForm(WithOptions.class, ChatModel.class);
    CallForm left = new CallForm(ScriptedChatModel.class, ChatModel.class);
    assertThat(
            Logged.during(
                () -> {
                  assertThat(own.with(OPTIONS)).isTrue();
                  assertThat(left.with(OPTIONS)).isTrue();
                  assertThat(left.with(ChatRequestOptions.EMPTY)).isFalse();
                }))
        .isEmpty();
    assertThat(own.leavesChat()).isFalse();
    assertThat(left.leavesChat()).isTrue();
  }

  @Test
  void onlyAFormThatTakesARequestIsAChatOfItsOwn() {
    CallForm form = new CallForm(WithShorterForm.class, ChatModel.class);
    assertThat(form.leavesChat()).isTrue();
    assertThat(form.with(OPTIONS)).isTrue();
  }
}
