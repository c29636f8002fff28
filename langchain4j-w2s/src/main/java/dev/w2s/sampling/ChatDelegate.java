// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.sampling.calls.DelegateException;
import java.util.Set;

/**
 * A LangChain4j chat model of either kind, called in the form that it has: some have only {@code
 * chat(request)} of their own, and options that they cannot take are dropped with one warning.
 */
public interface ChatDelegate {

  /** A plain chat model. */
  static ChatDelegate of(ChatModel model) {
    return new PlainDelegate(model);
  }

  /** A streaming chat model. */
  static ChatDelegate of(StreamingChatModel model) {
    return new StreamingDelegate(model);
  }

  /**
   * The same model, whose own listeners are not told of calls, as far as it leaves telling them to
   * LangChain4j.
   */
  ChatDelegate silent();

  /** The model itself. */
  Object model();

  /**
   * Answers and waits for the whole response. An interrupt ends the wait.
   *
   * @throws DelegateException if the model returns null
   * @throws java.util.concurrent.CancellationException if a streaming model is interrupted
   * @throws RuntimeException what the model throws, as it is
   */
  ChatResponse chat(ChatRequest request, ChatRequestOptions options);

  /** Whether {@link #stream} can be called. */
  boolean streams();

  /**
   * Answers through a handler, with the model's own callbacks and threads.
   *
   * @throws UnsupportedOperationException if the model does not stream
   */
  void stream(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler);

  /** The model's own. */
  ChatRequestParameters defaultRequestParameters();

  /** The model's own. */
  ModelProvider provider();

  /** The model's own. */
  Set<Capability> supportedCapabilities();
}
