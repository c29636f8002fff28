// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.w2s.WeakToStrongChatRequestParameters;
import dev.w2s.WeakToStrongChatResponse;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.spring.Contexts;
import dev.w2s.testkit.Snippets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the starter's page shows is what it does. */
class ReadmeTest {
  private static final Path MODULE =
      Files.exists(Path.of("docs")) ? Path.of("") : Path.of("").toAbsolutePath().getParent();
  private static final Path PAGE = MODULE.resolve("README.md");
  private static final Path SOURCE =
      MODULE.resolve("src/test/java/dev/w2s/spring/application/ReadmeTest.java");
  private static final Pattern PROPERTIES =
      Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);

  private static ApplicationContextRunner example(int number) throws Exception {
    List<String> all =
        PROPERTIES.matcher(Files.readString(PAGE, UTF_8)).results().map(r -> r.group(1)).toList();
    assertThat(all).hasSize(4);
    String mine =
        all.get(number)
            .replace("/models/small-tuned", "embedded:movie-reviews/tuned")
            .replace("/models/small", "embedded:movie-reviews/untuned");
    return Contexts.starter()
        .withPropertyValues(mine.lines().toArray(String[]::new))
        .withPropertyValues("langchain4j.w2s.search.max-tokens=8");
  }

  @Test
  void thePageShowsTheSnippets() throws Exception {
    Snippets.assertHeld(SOURCE, PAGE);
  }

  @Test
  void inFiveMinutes() throws Exception {
    example(0)
        .run(
            context -> {
              LanguageModel model = context.getBean(LanguageModel.class);
              assertThat(model).isInstanceOf(WeakToStrongLanguageModel.class);
              assertThat(model.generate("This movie was").content()).isNotBlank();
            });
  }

  @Test
  void aServer() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      example(1)
          .withBean(
              "chatModel",
              ChatModel.class,
              () ->
                  OpenAiChatModel.builder()
                      .baseUrl(server.url())
                      .apiKey("none")
                      .modelName("large")
                      .build())
          .run(
              context ->
                  assertThat(context.getBean(ChatModel.class).chat("Will you?")).isNotBlank());
    }
  }

  @Test
  void aLocalModel() throws Exception {
    example(2)
        .run(
            context -> {
              assertThat(context).hasBean("criticStreamingChatModel");
              ChatModel critic = context.getBean("criticChatModel", ChatModel.class);
              assertThat(critic.chat("How was it?")).isNotNull();
            });
  }

  // snippet starts
  ChatResponse answer(ChatModel model, String question, Map<String, Double> guides) {
    return model.chat(
        ChatRequest.builder()
            .messages(UserMessage.from(question))
            .parameters(
                WeakToStrongChatRequestParameters.builder()
                    .guided(!guides.isEmpty())
                    .guides(guides)
                    .build())
            .build());
  }

  // snippet ends

  @Test
  void twoGuidesChosenPerRequest() throws Exception {
    example(3)
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              for (Map<String, Double> guides :
                  List.of(Map.of("positive", 1.0), Map.of("gold", 2.0))) {
                assertThat(answer(model, "How was it?", guides))
                    .isInstanceOf(WeakToStrongChatResponse.class);
              }
              assertThat(answer(model, "How was it?", Map.of()))
                  .isNotInstanceOf(WeakToStrongChatResponse.class);
            });
  }
}
