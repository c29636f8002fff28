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

  @Test
  void optionsThatCannotBeGivenAreDroppedWithOneWarning() {
    CallForm form = new CallForm(RequestOnly.class, ChatModel.class);
    PrintStream err = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, UTF_8));
    try {
      assertThat(form.with(ChatRequestOptions.EMPTY)).isFalse();
      assertThat(logged.toString(UTF_8)).isEmpty();
      assertThat(form.with(OPTIONS)).isFalse();
      assertThat(form.with(OPTIONS)).isFalse();
    } finally {
      System.setErr(err);
    }
    assertThat(logged.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains("RequestOnly takes no ChatRequestOptions; they are dropped");
  }
}
