// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.times;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.WeakToStrongChatRequestParameters;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.mockito.InOrder;

/** LangChain4j's suite for streaming chat models. What is switched off says why. */
class GuidedStreamingChatModelIT extends AbstractStreamingChatModelIT {
  private static final String WEATHER = "{\"city\":\"Munich\"}";

  @Override
  protected List<StreamingChatModel> models() {
    return List.of(Guided.streaming(new Interlocutor()));
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return Guided.streaming(new Interlocutor(parameters));
  }

  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return Guided.streaming(new Interlocutor(), listener);
  }

  @Override
  protected boolean supportsPartialToolStreaming(StreamingChatModel model) {
    return false; // calls come whole, when the choice is made
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

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, String id, StreamingChatModel model) {
    order.verify(handler).onCompleteToolCall(complete(0, id, "getWeather", WEATHER));
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, StreamingChatModel model) {
    order.verify(handler).onCompleteToolCall(any());
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler,
      InOrder order,
      String first,
      String second,
      StreamingChatModel model) {
    order.verify(handler, times(2)).onCompleteToolCall(any());
  }

  @Override
  @Disabled("the suite wants it thrown; a search tells its errors by onError")
  protected void should_fail_if_images_as_base64_encoded_strings_are_not_supported(
      StreamingChatModel model) {}

  @Override
  @Disabled("the suite wants it thrown; a search tells its errors by onError")
  protected void should_fail_if_images_as_public_URLs_are_not_supported(StreamingChatModel model) {}
}
