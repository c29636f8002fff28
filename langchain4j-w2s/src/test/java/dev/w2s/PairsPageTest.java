// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.RewardModel;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippets of the page on pairs compile, and work. */
class PairsPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/PairsPageTest.java");

  private static GuidancePair prompted() {
    // snippet starts
    GuidancePair kind =
        GuidancePair.prompted(
            "embedded:movie-reviews/untuned",
            "One of the best movies I have ever seen. I loved it. 10/10. ",
            "One of the worst movies I have ever seen. I hated it. 1/10. ");
    // snippet ends
    return kind;
  }

  private static RewardModel positive() {
    // snippet starts
    RewardModel positive = RewardModel.load("embedded:movie-reviews/gold", "POSITIVE");
    // snippet ends
    return positive;
  }

  private static ChatModel guided(ChatModel anyChatModel, GuidancePair kind, RewardModel positive) {
    // snippet starts
    ChatModel guided =
        WeakToStrongChatModel.builder()
            .delegate(anyChatModel)
            .pair(kind)
            .guide("positive", positive, 0.5)
            .guide("brief", Guide.of((prompt, text) -> -text.length()), 0.01)
            .build();
    // snippet ends
    return guided;
  }

  @Test
  void allGuidesTogetherChoose() {
    try (GuidancePair kind = prompted();
        RewardModel positive = positive()) {
      ChatModel model =
          guided(
              ScriptedChatModel.saying("An awful, boring film.", "A great film. I loved it!"),
              kind,
              positive);
      assertThat(model.chat("How was the movie?")).isEqualTo("A great film. I loved it!");
    }
  }

  @Test
  void thePageHoldsThem() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/pairs.md"));
  }
}
