// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmulatedFineTuningTest {
  private static final String MODELS = "embedded:movie-reviews/";
  private static final SamplingParameters PAPER = new SamplingParameters(0.7, 50, 1, List.of());

  private static SearchResult steered(LocalLanguageModel base, GuidancePair pair, double beta) {
    return WeakToStrongLanguageModel.builder()
        .largeModel(EmulatedFineTuning.of(base, pair, beta))
        .settings(SearchSettings.plainSampling().withMaxTokens(20))
        .build()
        .search("This movie was");
  }

  @Test
  void betaOfZeroIsTheBase() {
    try (CausalModel base = CausalModel.load(MODELS + "base");
        GuidancePair pair = GuidancePair.load(MODELS + "tuned", MODELS + "untuned")) {
      LocalLanguageModel large = new LocalLanguageModel(base, PAPER, 20, 7L);
      String alone = large.generate("This movie was").content();
      SearchResult none = steered(large, pair, 0);
      assertThat(none.best().candidate().text()).isEqualTo(alone);
      assertThat(steered(large, pair, 4).best().candidate().text()).isNotEqualTo(alone);
      // The prompt and 19 of 20 tokens, through each of the two.
      int prompt = base.tokenizer().encode("This movie was", true).size();
      assertThat(none.usage().scoredTokens()).isEqualTo(2L * (prompt + 19));
      assertThat(none.usage().sampledTokens()).isEqualTo(20);
    }
  }
}
