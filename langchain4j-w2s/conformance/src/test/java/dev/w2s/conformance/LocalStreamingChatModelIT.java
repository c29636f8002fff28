// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongChatRequestParameters;
import java.util.List;
import org.junit.jupiter.api.Disabled;

/**
 * LangChain4j's suite for streaming chat models, on the local model alone and guided. What is
 * switched off says why.
 */
class LocalStreamingChatModelIT extends AbstractStreamingChatModelIT {

  @Override
  protected List<StreamingChatModel> models() {
    return List.of(Parrot.streaming(), Guided.streaming(Parrot.chat()));
  }

  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return Guided.streaming(Parrot.chat(), listener);
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return Parrot.streaming(parameters);
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

  @Override
  protected boolean assertExceptionType() {
    return false; // told by onError, which the suite wraps
  }

  @Override
  @Disabled("the suite wants it thrown; a stream tells its errors by onError")
  protected void should_fail_if_modelName_is_not_supported(StreamingChatModel model) {}
}
