// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.times;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongChatRequestParameters;
import java.util.List;
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
  protected void assertOutputTokenCount(TokenUsage usage, Integer maxOutputTokens) {
    assertThat(usage.outputTokenCount()).isEqualTo(Guided.SUCCESSORS * maxOutputTokens);
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
}
