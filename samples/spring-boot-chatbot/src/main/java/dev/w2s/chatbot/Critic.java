// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import dev.langchain4j.service.memory.ChatMemoryAccess;
import dev.langchain4j.service.spring.AiService;

/**
 * The service as any application of LangChain4j has it; that it is guided is the starter's doing.
 */
@AiService
public interface Critic extends ChatMemoryAccess {
  /**
   * Answers a question.
   *
   * @param conversation that the question is part of
   * @param parameters how the request is guided
   */
  @UserMessage("{{question}}")
  TokenStream answer(
      @MemoryId String conversation,
      @V("question") String question,
      ChatRequestParameters parameters);
}
