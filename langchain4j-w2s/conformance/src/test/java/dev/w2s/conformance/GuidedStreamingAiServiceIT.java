// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.service.common.AbstractStreamingAiServiceIT;
import java.util.List;

/** LangChain4j's suite for streaming services. Nothing is switched off. */
class GuidedStreamingAiServiceIT extends AbstractStreamingAiServiceIT {

  @Override
  protected List<StreamingChatModel> models() {
    return List.of(Guided.streaming(new Interlocutor()));
  }
}
