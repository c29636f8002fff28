// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot.web;

import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.w2s.chatbot.ChatbotProperties;
import dev.w2s.chatbot.Critic;
import dev.w2s.chatbot.answers.Answers;
import dev.w2s.chatbot.conversations.Conversations;
import dev.w2s.model.CausalModel;
import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loadable;
import dev.w2s.spring.loading.Loader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.server.WebFilter;

/** How the parts are put together. */
@Configuration(proxyBeanMethods = false)
class ChatbotConfiguration {
  /** The local model that is shown what is wanted, as the starter's properties name it. */
  private static final String WORDS = "words";

  /** Nothing is loaded from elsewhere, and nothing that a model says is run. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** Its own, so that the end of one application is not that of another in the same process. */
  @Bean
  ReactorResourceFactory reactorResources() {
    ReactorResourceFactory resources = new ReactorResourceFactory();
    resources.setUseGlobalResources(false);
    return resources;
  }

  /** The service asks for memories by this bean. */
  @Bean
  ChatMemoryProvider chatMemoryProvider(ChatbotProperties properties) {
    return id -> MessageWindowChatMemory.builder().id(id).maxMessages(properties.memory()).build();
  }

  @Bean
  Conversations conversations(Critic critic, ChatbotProperties properties) {
    return new Conversations(critic, properties.conversations());
  }

  @Bean
  Answers answers(
      Critic critic,
      Conversations conversations,
      Catalog catalog,
      Loader loader,
      ChatbotProperties properties) {
    Loadable<CausalModel> words = catalog.locals().get(WORDS);
    if (words == null) {
      throw new IllegalStateException(
          "langchain4j.w2s.local.words.model is missing; it must name the small model that is shown"
              + " what is wanted in plain words");
    }
    return new Answers(critic, conversations, () -> loader.get(words), properties.answers());
  }

  @Bean
  WebFilter contentPolicy() {
    return (exchange, chain) -> {
      exchange.getResponse().getHeaders().set("Content-Security-Policy", POLICY);
      exchange.getResponse().getHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.getResponse().getHeaders().set("Referrer-Policy", "no-referrer");
      return chain.filter(exchange);
    };
  }
}
