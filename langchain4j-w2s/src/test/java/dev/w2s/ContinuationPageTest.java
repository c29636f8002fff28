// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippets of the page on continuation compile, and ask nobody before they are called. */
class ContinuationPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/ContinuationPageTest.java");

  private static ChatModel exactly(GuidancePair kind) {
    // snippet starts
    OpenAiCompatible large =
        OpenAiCompatible.builder().baseUrl("http://localhost:8000/v1").modelName("chat").build();
    ChatModel guided = WeakToStrongChatModel.builder().largeModel(large).pair(kind).build();
    // snippet ends
    return guided;
  }

  private static ChatModel byItsMessages(ChatModel anyChatModel, GuidancePair kind) {
    // snippet starts
    ChatModel guided =
        WeakToStrongChatModel.builder()
            .delegate(anyChatModel)
            .pair(kind)
            .continuation(Continuation.AUTO)
            .build();
    // snippet ends
    return guided;
  }

  @Test
  void theyAreBuiltWithoutAnythingBeingAsked() {
    try (GuidancePair kind =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      assertThatCode(() -> exactly(kind)).doesNotThrowAnyException();
      assertThatCode(() -> byItsMessages(ScriptedChatModel.saying("x"), kind))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void thePageHoldsThem() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/continuation.md"));
  }
}
