// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the chatbot. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ChatbotApplication {
  /** Made by Spring. */
  ChatbotApplication() {}

  /** Starts it. */
  public static void main(String[] arguments) {
    SpringApplication.run(ChatbotApplication.class, arguments);
  }
}
