// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.testkit.ScriptedChatModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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

  /** One that takes options in a chat of its own. */
  private static final class WithOptions implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
      return ScriptedChatModel.text("x");
    }
  }

  /** What is logged meanwhile. */
  private static String logged(Runnable calls) {
    PrintStream err = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, UTF_8));
    try {
      calls.run();
    } finally {
      System.setErr(err);
    }
    return logged.toString(UTF_8);
  }

  @Test
  void optionsThatCannotBeGivenAreDroppedWithOneWarning() {
    CallForm form = new CallForm(RequestOnly.class, ChatModel.class);
    assertThat(logged(() -> assertThat(form.with(ChatRequestOptions.EMPTY)).isFalse())).isEmpty();
    assertThat(
            logged(
                    () -> {
                      assertThat(form.with(OPTIONS)).isFalse();
                      assertThat(form.with(OPTIONS)).isFalse();
                    })
                .lines())
        .singleElement()
        .asString()
        .contains("RequestOnly takes no ChatRequestOptions; they are dropped");
  }

  @Test
  void optionsAreGivenToAModelThatTakesThemOrLeavesChatToLangChain4j() {
    CallForm own = new CallForm(WithOptions.class, ChatModel.class);
    CallForm left = new CallForm(ScriptedChatModel.class, ChatModel.class);
    assertThat(
            logged(
                () -> {
                  assertThat(own.with(OPTIONS)).isTrue();
                  assertThat(left.with(OPTIONS)).isTrue();
                  assertThat(left.with(ChatRequestOptions.EMPTY)).isFalse();
                }))
        .isEmpty();
    assertThat(own.leavesChat()).isFalse();
    assertThat(left.leavesChat()).isTrue();
  }
}
