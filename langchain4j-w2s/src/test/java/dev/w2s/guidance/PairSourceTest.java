// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.Golden;
import dev.w2s.prompt.PromptOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PairSourceTest {
  private static final String SERVED = "http://localhost:1/v1#small";

  private static PairSource source(
      String tuned, String untuned, @Nullable String tokenizer, @Nullable String key) {
    PromptOptions options = PromptOptions.defaults();
    return new PairSource(tuned, untuned, options, options, Golden.CPU_FLOAT32, tokenizer, key);
  }

  /** It ends up in logs. */
  @Test
  void namesItsModelsAndNotItsKey() {
    assertThat(source(SERVED, "dir", "tok", "secret").toString())
        .isEqualTo(SERVED + " against dir");
  }

  @Test
  void refusesAnAddressThatIsNone() {
    assertThatThrownBy(() -> source("http://localhost:1/v1", "dir", "tok", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tuned is ");
    assertThatThrownBy(() -> source("dir", "http://localhost:1/v1", "tok", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("untuned is ");
  }

  @Test
  void refusesWhatGoesWithServersAlone() {
    assertThatThrownBy(() -> source("a", "b", "tok", null))
        .hasMessage("tokenizer is 'tok'; without a model behind a server it has no meaning");
    assertThatThrownBy(() -> source("a", "b", null, "secret"))
        .hasMessage("apiKey is given; without a model behind a server it has no meaning");
    assertThatThrownBy(() -> source("a", SERVED, null, null))
        .hasMessageStartingWith("tokenizer is missing; ");
    assertThat(source("a", SERVED, "tok", "secret").apiKey()).isEqualTo("secret");
  }
}
