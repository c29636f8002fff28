// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.local.LocalChatBuilder;
import dev.w2s.local.LocalChatModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.local.ThinkingTags;
import dev.w2s.model.CausalModel;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.testkit.StreamedChat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the critic says before its first "the" taken for its thinking, which the prompt opens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalThinkingTest {
  private static final ChatRequest ASKED =
      ChatRequest.builder().messages(UserMessage.from("How was the movie?")).build();
  private static final ThinkingTags UP_TO_THE = new ThinkingTags("<think>", " the");

  private CausalModel base;

  @BeforeAll
  void load() {
    base = CausalModel.load("embedded:movie-reviews/base");
  }

  @AfterAll
  void close() {
    base.close();
  }

  private <B extends LocalChatBuilder<B>> B thinks(B builder) {
    return builder
        .model(base)
        .promptOptions(PromptOptions.defaults().withSuffix("<think>"))
        .temperature(0.7)
        .maxTokens(80)
        .seed(4L);
  }

  @Test
  void isKeptApart() throws InterruptedException {
    String response = thinks(LocalChatModel.builder()).build().chat(ASKED).aiMessage().text();
    int end = response.indexOf(" the");
    assertThat(end).isPositive();

    ChatResponse apart =
        thinks(LocalChatModel.builder()).thinkingTags(UP_TO_THE).build().chat(ASKED);
    assertThat(apart.aiMessage().thinking()).isEqualTo(response.substring(0, end).strip());
    assertThat(apart.aiMessage().text())
        .isEqualTo(response.substring(end + 4).stripLeading())
        .isNotBlank();

    StreamedChat stream = new StreamedChat();
    thinks(LocalStreamingChatModel.builder()).thinkingTags(UP_TO_THE).build().chat(ASKED, stream);
    assertThat(stream.await()).isEqualTo(apart);
    assertThat(String.join("", stream.thinking())).isEqualTo(apart.aiMessage().thinking());
    assertThat(stream.text()).isEqualTo(apart.aiMessage().text());
  }

  @Test
  void aTemplateThatKnowsTheTagsIsEnough() {
    String template = "{{ messages[0]['content'] }}{# <think></think> #}<think>\n";
    AiMessage message =
        thinks(LocalChatModel.builder())
            .promptOptions(PromptOptions.defaults().withChatTemplate(template))
            .maxTokens(5)
            .build()
            .chat(ASKED)
            .aiMessage();
    assertThat(message.thinking()).isNotBlank();
    assertThat(message.text()).isEmpty();
  }

  @Test
  void isNotJudgedAndStreamedInFront() throws InterruptedException {
    WordGuide judged = new WordGuide("movie");
    LocalChatModel delegate = thinks(LocalChatModel.builder()).thinkingTags(UP_TO_THE).build();
    WeakToStrongStreamingChatModel guided =
        WeakToStrongStreamingChatModel.builder()
            .delegate(delegate)
            .guide("movie", judged, 1)
            .beamWidth(2)
            .successors(2)
            .build();
    StreamedChat stream = new StreamedChat();
    guided.chat(ASKED, stream);
    AiMessage message = stream.await().aiMessage();
    assertThat(message.thinking()).isNotBlank().doesNotContain(" the");
    assertThat(stream.thinking()).containsExactly(message.thinking());
    assertThat(message.text()).isNotBlank().isEqualTo(stream.text());
    assertThat(stream.thinkingFirst()).isTrue();
    assertThat(judged.texts)
        .contains("", message.text())
        .noneMatch(text -> text.startsWith(message.thinking()));
  }

  @Test
  void isJudgedByChoice() {
    WordGuide judged = new WordGuide("movie");
    AiMessage message =
        WeakToStrongChatModel.builder()
            .delegate(thinks(LocalChatModel.builder()).thinkingTags(UP_TO_THE).build())
            .guide("movie", judged, 1)
            .beamWidth(1)
            .successors(2)
            .scoreThinking(true)
            .build()
            .chat(ASKED)
            .aiMessage();
    assertThat(judged.texts).contains(message.thinking() + "\n\n" + message.text());
    assertThat(judged.texts).doesNotContain("");
  }
}
