// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithJsonSchemaIT;
import java.util.List;

/** LangChain4j's suite for services that extract objects. Nothing is switched off. */
class GuidedAiServiceWithJsonSchemaIT extends AbstractAiServiceWithJsonSchemaIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(Guided.chat(new Interlocutor()));
  }

  @Override
  protected boolean supportsRecursion() {
    return true;
  }
}
