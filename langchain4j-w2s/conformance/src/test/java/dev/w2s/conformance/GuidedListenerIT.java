// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;

/** LangChain4j's suite for listeners. */
class GuidedListenerIT extends AbstractChatModelListenerIT {

  @Override
  protected ChatModel createModel(ChatModelListener listener) {
    return Guided.chat(
        new Interlocutor(
            DefaultChatRequestParameters.builder()
                .modelName(modelName())
                .temperature(temperature())
                .topP(topP())
                .maxOutputTokens(maxTokens())
                .build()),
        listener);
  }

  @Override
  protected String modelName() {
    return Interlocutor.NAME;
  }

  @Override
  protected ChatModel createFailingModel(ChatModelListener listener) {
    return Guided.chat(
        new ChatModel() {
          @Override
          public ChatResponse doChat(ChatRequest request) {
            throw new IllegalStateException("no answer");
          }
        },
        listener);
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return IllegalStateException.class;
  }
}
