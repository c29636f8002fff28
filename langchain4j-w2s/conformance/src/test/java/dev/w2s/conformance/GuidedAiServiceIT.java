// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceIT;
import java.util.List;

/** LangChain4j's suite for services. */
class GuidedAiServiceIT extends AbstractAiServiceIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(Guided.chat(new Interlocutor()));
  }
}
