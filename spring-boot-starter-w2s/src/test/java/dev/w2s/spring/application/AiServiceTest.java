// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.spring.aiservice.Critic;
import dev.w2s.spring.aiservice.NamedCritic;
import dev.w2s.spring.aiservice.ServiceApplication;
import dev.w2s.testkit.StreamedChat;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/** LangChain4j's own starters, and AI services, over models that are guided. */
class AiServiceTest {

  /** Needs no model: the longer, the better. */
  @Configuration(proxyBeanMethods = false)
  static class Length {
    @Bean
    WeightedGuide length() {
      return new WeightedGuide("length", Guide.of((prompt, text) -> text.length()), 1);
    }
  }

  private static ConfigurableApplicationContext start(Class<?> more, String... arguments) {
    return new SpringApplicationBuilder(ServiceApplication.class, Length.class, more)
        .web(WebApplicationType.NONE)
        .run(arguments);
  }

  @Test
  void modelsOfTheOpenAiStarterAreGuidedForServicesOfBothWirings() throws Exception {
    boolean there = ClassUtils.isPresent("dev.langchain4j.openai.spring.AutoConfig", null);
    String why = "LangChain4j's OpenAI starter is not on this class path: it runs on Spring Boot 3";
    if (!there) {
      System.out.println("skipped: " + why);
    }
    assumeTrue(there, why);
    try (ScriptedServer server = new ScriptedServer();
        ConfigurableApplicationContext context =
            start(
                Length.class,
                "--langchain4j.open-ai.chat-model.base-url=" + server.url(),
                "--langchain4j.open-ai.chat-model.api-key=sesame",
                "--langchain4j.open-ai.chat-model.model-name=m",
                "--langchain4j.open-ai.streaming-chat-model.base-url=" + server.url(),
                "--langchain4j.open-ai.streaming-chat-model.api-key=sesame",
                "--langchain4j.open-ai.streaming-chat-model.model-name=m",
                "--langchain4j.w2s.search.best-of=4",
                "--langchain4j.w2s.search.concurrency=2")) {
      assertThat(context.getBeanNamesForType(ChatModel.class)).containsExactly("openAiChatModel");
      assertThat(context.getBean(ChatModel.class)).isInstanceOf(WeakToStrongChatModel.class);
      assertThat(context.getBean(StreamingChatModel.class))
          .isInstanceOf(WeakToStrongStreamingChatModel.class);
      assertThat(context.getBean(Critic.class).answer("Will you?")).isEqualTo(ScriptedServer.YES);
      assertThat(context.getBean(NamedCritic.class).answer("Will you?"))
          .isEqualTo(ScriptedServer.YES);
      StreamedChat streamed = new StreamedChat();
      context.getBean(StreamingChatModel.class).chat("Will you?", streamed);
      assertThat(streamed.await().aiMessage().text()).isEqualTo(ScriptedServer.YES);
      assertThat(server.calls()).isEqualTo(12);
    }
  }

  /** A model that is made by hand. */
  @Configuration(proxyBeanMethods = false)
  static class ByHand {
    static String url = "";

    @Bean
    ChatModel openAiChatModel() {
      return OpenAiChatModel.builder().baseUrl(url).apiKey("sesame").modelName("m").build();
    }
  }

  @Test
  void modelsMadeByHandAreGuidedAsWell() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      ByHand.url = server.url();
      try (ConfigurableApplicationContext context =
          start(ByHand.class, "--langchain4j.w2s.search.best-of=4")) {
        assertThat(context.getBean(Critic.class).answer("Will you?")).isEqualTo(ScriptedServer.YES);
        assertThat(context.getBean(NamedCritic.class).answer("Will you?"))
            .isEqualTo(ScriptedServer.YES);
      }
    }
  }
}
