// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.spring.Contexts;
import dev.w2s.spring.loading.NotReadyException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A pair on a server, from properties. */
class RemotePairTest {

  private static ApplicationContextRunner runner(String url) {
    return Contexts.starter()
        .withBean("chat", ChatModel.class, Contexts::terse)
        .withPropertyValues(
            "langchain4j.w2s.pairs.far.tuned=" + url + "#tuned",
            "langchain4j.w2s.pairs.far.untuned=" + url + "#untuned",
            "langchain4j.w2s.pairs.far.tokenizer=embedded:movie-reviews/tuned",
            "langchain4j.w2s.pairs.far.api-key=sesame",
            "langchain4j.w2s.search.best-of=4");
  }

  @Test
  void guides() throws Exception {
    try (LogProbabilitiesServer server = new LogProbabilitiesServer()) {
      runner(server.url())
          .run(
              context ->
                  assertThat(context.getBean(ChatModel.class).chat("Will you?"))
                      .isEqualTo("Yes, with pleasure."));
      assertThat(server.models()).containsExactly("tuned", "untuned");
      assertThat(server.keys()).containsOnly("Bearer sesame");
    }
  }

  @Test
  void onAServerThatDoesNotAnswerItFailsByProperty() {
    runner("http://127.0.0.1:9/v1")
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(ChatModel.class).chat("Will you?"))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageStartingWith("langchain4j.w2s.pairs.far cannot be loaded: ")
                    .hasMessageContaining("http://127.0.0.1:9/v1")
                    .hasMessageNotContainingAny("sesame"));
  }
}
