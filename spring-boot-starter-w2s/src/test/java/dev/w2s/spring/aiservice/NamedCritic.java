// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.aiservice;

import dev.langchain4j.service.spring.AiService;
import dev.langchain4j.service.spring.AiServiceWiringMode;

/** Names its model. */
@AiService(wiringMode = AiServiceWiringMode.EXPLICIT, chatModel = "openAiChatModel")
public interface NamedCritic {
  String answer(String question);
}
