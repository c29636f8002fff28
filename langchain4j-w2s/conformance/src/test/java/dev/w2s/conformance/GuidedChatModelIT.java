// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
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
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false; // the delegate refuses them; see supportsSingleImageInputAsPublicURL
  }

  @Override
  protected boolean supportsMultipleImageInputsAsBase64EncodedStrings() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false; // images would be fetched from the network
  }

  @Override
  protected boolean supportsMultipleImageInputsAsPublicURLs() {
    return false;
  }

  @Override
  protected boolean supportsToolsAndJsonResponseFormatWithSchema() {
    return false; // the delegate answers one or the other
  }

  @Override
  protected boolean supportsJsonResponseFormatWithRawSchema() {
    return false; // the delegate knows no raw schema
  }

  @Override
  protected boolean assertTokenUsage() {
    return false; // the sum of all calls is more than the limit of one; tested elsewhere
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
