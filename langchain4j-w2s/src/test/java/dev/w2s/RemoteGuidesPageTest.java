// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.RemoteModel;
import dev.w2s.guidance.RemotePair;
import dev.w2s.guidance.RemoteRewardModel;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippets of the page on guides behind servers compile. */
class RemoteGuidesPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/RemoteGuidesPageTest.java");

  private static ChatModel guided(ChatModel anyChatModel) {
    // snippet starts
    try (TokenizerDirectory tokenizer = TokenizerDirectory.open("models/small")) {
      RemoteModel tuned =
          RemoteModel.builder().baseUrl("http://localhost:8001/v1").modelName("tuned").build();
      RemoteModel untuned =
          RemoteModel.builder().baseUrl("http://localhost:8002/v1").modelName("untuned").build();
      RemotePair pair =
          RemotePair.builder()
              .tuned(tuned, PromptOptions.defaults())
              .untuned(untuned, PromptOptions.defaults())
              .tokenizer(tokenizer)
              .connect();
      ChatModel guided = WeakToStrongChatModel.builder().delegate(anyChatModel).pair(pair).build();
      // ...
      // snippet ends
      return guided;
    }
  }

  private static Guide judge() {
    // snippet starts
    RemoteRewardModel judge =
        RemoteRewardModel.builder()
            .baseUrl("http://localhost:8003/v1")
            .modelName("judge")
            .label(1)
            .build();
    // snippet ends
    return judge;
  }

  /** There is no such directory, which is said before any server is asked. */
  @Test
  void theTokenizerComesFirst() {
    ChatModel model = ScriptedChatModel.saying("x");
    assertThatThrownBy(() -> guided(model))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("models/small");
    assertThat(judge()).hasToString("http://localhost:8003/v1#judge");
  }

  @Test
  void thePageHoldsThem() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/remote-guides.md"));
  }
}
