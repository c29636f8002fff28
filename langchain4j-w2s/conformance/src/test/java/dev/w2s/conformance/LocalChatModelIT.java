// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongChatRequestParameters;
import java.util.List;

/**
 * LangChain4j's suite for chat models, on the local model alone and guided. What is switched off
 * says why.
 */
class LocalChatModelIT extends AbstractChatModelIT {

  @Override
  protected List<ChatModel> models() {
    return List.of(Parrot.chat(), Guided.chat(Parrot.chat()));
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return Parrot.chat(parameters);
  }

  @Override
  protected boolean supportsDefaultRequestParameters() {
    return false; // the builder takes them one by one
  }

  @Override
  protected boolean supportsModelNameParameter() {
    return false; // a local model is the one that was loaded
  }

  @Override
  protected boolean supportsTools() {
    return false; // refused; see LocalChatModel
  }

  @Override
  protected boolean supportsToolChoiceRequired() {
    return false;
  }

  @Override
  protected boolean supportsToolsAndJsonResponseFormatWithSchema() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormat() {
    return false; // refused; JSON is a matter of the prompt
  }

  @Override
  protected boolean supportsJsonResponseFormatWithSchema() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormatWithRawSchema() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false; // reads text
  }

  @Override
  protected boolean supportsMultipleImageInputsAsBase64EncodedStrings() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }

  @Override
  protected boolean supportsMultipleImageInputsAsPublicURLs() {
    return false;
  }

  @Override
  protected boolean assertResponseId() {
    return false; // there is no server that would give one
  }

  @Override
  protected void assertOutputTokenCount(TokenUsage usage, Integer maxOutputTokens) {
    assertThat(usage.outputTokenCount()).isIn(maxOutputTokens, Guided.SUCCESSORS * maxOutputTokens);
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return WeakToStrongChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }
}
