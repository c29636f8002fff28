// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.langchain4j.model.language.LanguageModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippet of the page on servers compiles, and asks nobody before it is called. */
class ServersPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/ServersPageTest.java");

  private static LanguageModel guided(GuidancePair kind) {
    // snippet starts
    OpenAiCompatible remote =
        OpenAiCompatible.builder()
            .baseUrl("http://localhost:8000/v1")
            .modelName("base")
            .promptTemplate("Here is a movie review: {{prompt}}")
            .build();
    LanguageModel guided =
        WeakToStrongLanguageModel.builder().largeModel(remote).pair(kind).temperature(0.7).build();
    // snippet ends
    return guided;
  }

  @Test
  void itIsBuiltWithoutAnythingBeingAsked() {
    try (GuidancePair kind =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      assertThatCode(() -> guided(kind)).doesNotThrowAnyException();
    }
  }

  @Test
  void thePageHoldsIt() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/servers.md"));
  }
}
