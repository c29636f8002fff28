// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.sampling.ChatDelegate;
import java.util.List;
import java.util.Set;

/**
 * Any chat model, streaming or plain, steered as {@link WeakToStrongChatModel} steers it, whose
 * text is sent as soon as all hypotheses that survive share it. What was sent is never taken back.
 *
 * <p>How soon text comes is a matter of W, K and L; {@link GuidanceBuilder#commitLag} brings it
 * sooner. A model that answers in whole responses is streamed when the choice is made.
 *
 * <p>All callbacks come from one thread of the builder's executor. A callback that throws is told
 * of by {@code onError}, and the stream goes on. Cancelling, by the stream's handle or by {@link
 * WeakToStrongChatRequestParameters.Builder#cancellation}, which works before the first piece, too,
 * ends sampling and scoring within a chunk, and no callback follows. A request whose guidance is
 * switched off goes to a streaming delegate as it is, with the delegate's own threads.
 *
 * <p>LangChain4j's reactive form (1.20 and later) is not supported: {@code doChat(request)} stays
 * as LangChain4j has it, which says so.
 */
public final class WeakToStrongStreamingChatModel implements StreamingChatModel {
  private final GuidedChat chat;

  private WeakToStrongStreamingChatModel(GuidedChat chat) {
    this.chat = chat;
  }

  /** A builder with the paper's defaults: W, K, L = 4, 4, 5. */
  public static Builder builder() {
    return new Builder();
  }

  /** As LangChain4j's; the delegate gets the options. */
  @Override
  public void chat(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    StreamingChatModel.super.chat(GuidedChat.remember(request, options), options, handler);
  }

  /**
   * Searches for the best response and streams it. What fails is told by {@code onError}.
   *
   * @param request with merged parameters
   */
  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    GuidedChat.Call call = chat.call(request);
    if (call.isGuided() || !chat.delegate().streams()) {
      ChatStream stream = new ChatStream(handler, call.cancellation());
      chat.executor().execute(() -> stream.run(call));
    } else {
      chat.delegate().stream(call.delegated(), call.options(), call.passed(handler));
    }
  }

  /** The delegate's, and the builder's over them, as {@link WeakToStrongChatRequestParameters}. */
  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return chat.defaultParameters();
  }

  /** The builder's; the delegate's are told of the delegate's calls. */
  @Override
  public List<ChatModelListener> listeners() {
    return chat.listeners();
  }

  @Override
  public ModelProvider provider() {
    return chat.delegate().provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return chat.delegate().supportedCapabilities();
  }

  /**
   * Builds a {@link WeakToStrongStreamingChatModel}; the delegate is required, and a guide to
   * choose.
   */
  public static final class Builder extends ChatGuidanceBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** The frozen large model. */
    public Builder delegate(StreamingChatModel delegate) {
      return delegate(ChatDelegate.of(delegate));
    }

    /** The frozen large model, which need not stream. */
    public Builder delegate(ChatModel delegate) {
      return delegate(ChatDelegate.of(delegate));
    }

    /**
     * Builds the model.
     *
     * @throws IllegalArgumentException if a value is out of range; if the delegate is missing; if
     *     there is no guide although there is something to choose; if something is set that the
     *     delegate cannot be given
     */
    public WeakToStrongStreamingChatModel build() {
      return new WeakToStrongStreamingChatModel(guidedChat());
    }
  }
}
