// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongChatRequestParameters;
import java.util.List;

/** LangChain4j's suite for chat models. What is switched off says why. */
class GuidedChatModelIT extends AbstractChatModelIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(Guided.chat(new Interlocutor()));
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return Guided.chat(new Interlocutor(parameters));
  }

  @Override
  protected void assertOutputTokenCount(TokenUsage usage, Integer maxOutputTokens) {
    assertThat(usage.outputTokenCount()).isEqualTo(Guided.SUCCESSORS * maxOutputTokens);
  }

  @Override
  protected String customModelName() {
    return "another";
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return WeakToStrongChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }
}
