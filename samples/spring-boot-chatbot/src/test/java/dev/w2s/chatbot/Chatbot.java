// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The chatbot on a port of this machine. */
final class Chatbot implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  private Chatbot(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static Chatbot start(String... properties) {
    List<String> arguments =
        new ArrayList<>(List.of("--port=0", "--langchain4j.w2s.loading.mode=eager"));
    Arrays.stream(properties).map(property -> "--" + property).forEach(arguments::add);
    return new Chatbot(
        SpringApplication.run(ChatbotApplication.class, arguments.toArray(String[]::new)));
  }

  String url() {
    return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/";
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
