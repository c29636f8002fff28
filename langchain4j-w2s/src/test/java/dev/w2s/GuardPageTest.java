// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.search.guard.TrustRegion;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippet of the page on the guard compiles, and works. */
class GuardPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/GuardPageTest.java");

  private static ChatModel guarded(ChatModel anyChatModel, GuidancePair kind) {
    // snippet starts
    ChatModel guided =
        WeakToStrongChatModel.builder()
            .delegate(anyChatModel)
            .pair(kind)
            .guard(TrustRegion.defaults())
            .build();
    // snippet ends
    return guided;
  }

  /** Sixteen whole responses of a hundred words: the guard has nothing against the best. */
  @Test
  void wholeResponsesAreChosenAsEver() {
    String film = " It is a film about a man and a dog who go to sea, and about what they find.";
    try (GuidancePair kind =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      ChatModel model =
          guarded(
              ScriptedChatModel.saying(
                  "An awful, boring film." + film, "A great film. I loved it!" + film),
              kind);
      assertThat(model.chat("How was the movie?")).startsWith("A great film.");
    }
  }

  @Test
  void thePageHoldsIt() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/guard.md"));
  }
}
