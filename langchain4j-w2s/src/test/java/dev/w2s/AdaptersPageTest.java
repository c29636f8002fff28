// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.model.CausalModel;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippet of the page on adapters compiles. */
class AdaptersPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/AdaptersPageTest.java");

  private static ChatModel guided(ChatModel anyChatModel) {
    // snippet starts
    CausalModel base = CausalModel.load("models/base-small");
    GuidancePair kind = GuidancePair.adapted(base, "adapters/kind");
    GuidancePair brief = GuidancePair.adapted(base, "adapters/brief");
    ChatModel guided =
        WeakToStrongChatModel.builder().delegate(anyChatModel).pair(kind).pair(brief, 0.5).build();
    // snippet ends
    return guided;
  }

  @Test
  void itsModelsAreTheReaders() {
    assertThatThrownBy(() -> guided(ScriptedChatModel.saying("Yes.")))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("models/base-small");
    assertThat(SOURCE).exists();
  }

  @Test
  void thePageHoldsIt() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/adapters.md"));
  }
}
