// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.language.LanguageModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.SearchSettings;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippet of the page on emulated fine-tuning compiles, and works. */
class EftPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/EftPageTest.java");

  private static LanguageModel steered(
      CausalModel base, GuidancePair pair, SamplingParameters sampling, Long seed) {
    // snippet starts
    LanguageModel steered =
        WeakToStrongLanguageModel.builder()
            .largeModel(
                EmulatedFineTuning.of(new LocalLanguageModel(base, sampling, 50, seed), pair, 1))
            .settings(SearchSettings.plainSampling().withMaxTokens(50))
            .build();
    // snippet ends
    return steered;
  }

  @Test
  void itIsALanguageModelLikeAnyOther() {
    String models = "embedded:movie-reviews/";
    SamplingParameters greedy = new SamplingParameters(0, 0, 1, List.of());
    try (CausalModel base = CausalModel.load(models + "base");
        GuidancePair pair = GuidancePair.load(models + "tuned", models + "untuned")) {
      String text = steered(base, pair, greedy, 1L).generate("The acting").content();
      // As in eft.json.
      assertThat(text).startsWith(" is excellent, the story is very good, and the characters");
    }
  }

  @Test
  void thePageHoldsIt() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/eft.md"));
  }
}
