// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;

/** LangChain4j's suite for listeners of streams, on the local model. */
class LocalStreamingListenerIT extends AbstractStreamingChatModelListenerIT {

  @Override
  protected StreamingChatModel createModel(ChatModelListener listener) {
    return Parrot.streaming(listener);
  }

  @Override
  protected String modelName() {
    return null; // a local model is the one that was loaded
  }

  @Override
  protected StreamingChatModel createFailingModel(ChatModelListener listener) {
    return Parrot.failingStreaming(listener);
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return IllegalArgumentException.class;
  }

  @Override
  protected boolean supportsTools() {
    return false; // refused; see LocalChatModel
  }

  @Override
  protected boolean assertResponseId() {
    return false; // there is no server that would give one
  }

  @Override
  protected Double temperature() {
    return 0.0;
  }

  @Override
  protected Double topP() {
    return 0.9;
  }

  @Override
  protected Integer maxTokens() {
    return 64;
  }
}
