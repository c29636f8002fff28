// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;

/**
 * A response that was drawn.
 *
 * @param text without prompt and stop string
 * @param ended whether the model ended it; a limit did otherwise
 * @param promptTokens tokens of the prompt
 * @param tokens drawn, an end included
 */
record LocalAnswer(String text, boolean ended, int promptTokens, int tokens) {

  Response<String> response() {
    return Response.from(text, usage(), finishReason());
  }

  ChatResponse chatResponse(String modelName, Thinking thinking) {
    return ChatResponse.builder()
        .aiMessage(thinking.message(text))
        .modelName(modelName)
        .tokenUsage(usage())
        .finishReason(finishReason())
        .build();
  }

  private TokenUsage usage() {
    return new TokenUsage(promptTokens, tokens);
  }

  private FinishReason finishReason() {
    return ended ? FinishReason.STOP : FinishReason.LENGTH;
  }
}
