// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Local models whose weights come later than they do. */
class LateModelTest {
  private static final String BASE = "embedded:movie-reviews/base";

  private static LocalChatModel.Builder builder() {
    return LocalChatModel.builder().seed(7L).maxTokens(8);
  }

  @Test
  void theModelIsAskedForByTheFirstCallAndTheAnswerIsTheSame() {
    try (CausalModel base = CausalModel.load(BASE)) {
      AtomicInteger asked = new AtomicInteger();
      Supplier<CausalModel> source =
          () -> {
            asked.incrementAndGet();
            return base;
          };
      ChatModel late = builder().model(source).build();
      ChatModel guided =
          WeakToStrongChatModel.builder()
              .delegate(late)
              .guide("length", Guide.of((prompt, text) -> text.length()), 1)
              .beamWidth(1)
              .successors(1)
              .build();
      assertThat(asked).hasValue(0);
      String text = builder().model(base).build().chat("How was it?");
      assertThat(late.chat("How was it?")).isEqualTo(text);
      assertThat(guided.chat("How was it?")).isNotBlank();
      assertThat(asked).hasValue(1);
      LocalLanguageModel language =
          new LocalLanguageModel(source, SamplingParameters.DEFAULT, 8, 7L);
      assertThat(asked).hasValue(1);
      assertThat(language.generate("It was").content()).isNotBlank();
    }
  }

  @Test
  void aFailureIsThrownByEachCallUntilThereIsAModel() {
    try (CausalModel base = CausalModel.load(BASE)) {
      AtomicInteger asked = new AtomicInteger();
      Supplier<CausalModel> source =
          () -> {
            if (asked.incrementAndGet() < 3) {
              throw new IllegalStateException("not yet");
            }
            return base;
          };
      ChatModel late = builder().model(source).build();
      assertThatThrownBy(() -> late.chat("hello")).hasMessage("not yet");
      assertThatThrownBy(() -> late.chat("hello")).hasMessage("not yet");
      assertThat(late.chat("hello")).isNotNull();
    }
  }

  @Test
  void whatDoesNotDependOnTheModelIsCheckedAtOnce() {
    Supplier<CausalModel> never =
        () -> {
          throw new AssertionError("the model is not asked for");
        };
    assertThatThrownBy(() -> builder().model(never).temperature(-1.0).build())
        .hasMessageStartingWith("temperature is -1.0");
    assertThatThrownBy(() -> builder().model(never).maxTokens(0).build())
        .hasMessageStartingWith("maxTokens is 0");
  }
}
