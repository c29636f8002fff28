// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceIT;
import java.util.List;

/** LangChain4j's suite for services. What is switched off says why. */
class GuidedAiServiceIT extends AbstractAiServiceIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(Guided.chat(new Interlocutor()));
  }

  @Override
  protected boolean supportsToolsAndJsonResponseFormatWithSchema() {
    return false; // the delegate answers one or the other
  }
}
