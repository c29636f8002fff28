// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.sampling.ChunkCutter.Chunk;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.testkit.ScriptedChatModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is set in a large model's own builder, or has no meaning with it, is refused and named. */
class BesideALargeModelTest {
  private final OpenAiCompatible large =
      OpenAiCompatible.builder().baseUrl("http://a/v1").modelName("large").build();

  private WeakToStrongChatModel.Builder chat() {
    return WeakToStrongChatModel.builder().largeModel(large).guide("a", new WordGuide("a"), 1);
  }

  private WeakToStrongLanguageModel.Builder language() {
    return WeakToStrongLanguageModel.builder().largeModel(large).guide("a", new WordGuide("a"), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delegate", "scoreThinking", "concurrency", "continuation"})
  void whatAChatModelWouldNotBeTold(String option) {
    WeakToStrongChatModel.Builder builder =
        switch (option) {
          case "delegate" -> chat().delegate(ScriptedChatModel.saying("a"));
          case "scoreThinking" -> chat().scoreThinking(false);
          case "concurrency" -> chat().concurrency(2);
          default -> chat().continuation(Continuation.WHOLE);
        };
    assertRefused(option, builder::build);
    assertThat(chat().build()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delegate", "promptFormat", "chunkCutter", "concurrency"})
  void whatALanguageModelWouldNotBeTold(String option) {
    WeakToStrongLanguageModel.Builder builder =
        switch (option) {
          case "delegate" -> language().delegate((LanguageModel) prompt -> Response.from("a"));
          case "promptFormat" -> language().promptTemplate("Say {{prompt}}");
          case "chunkCutter" -> language().chunkCutter((text, tokens) -> new Chunk(text, tokens));
          default -> language().concurrency(2);
        };
    assertRefused(option, builder::build);
    assertThat(language().build()).isNotNull();
  }

  private static void assertRefused(String option, Runnable build) {
    assertThatThrownBy(build::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(option + " is ")
        .hasMessageContaining(OpenAiCompatible.class.getName());
  }

  /** Null takes it back. */
  @Test
  void aTemplateThatWasTakenBackIsNone() {
    assertThat(language().promptTemplate("Say {{prompt}}").promptTemplate(null).build())
        .isNotNull();
  }
}
