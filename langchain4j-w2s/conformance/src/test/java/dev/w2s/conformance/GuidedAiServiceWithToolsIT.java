// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithToolsIT;
import java.util.List;

/** LangChain4j's suite for services with tools. Nothing is switched off. */
class GuidedAiServiceWithToolsIT extends AbstractAiServiceWithToolsIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(Guided.chat(new Interlocutor()));
  }

  @Override
  protected boolean supportsRecursion() {
    return true;
  }

  @Override
  protected boolean supportsMultimodalToolResults() {
    return true;
  }

  @Override
  protected Image catImage() {
    return Pictures.cat();
  }
}
