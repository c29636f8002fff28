// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.sampling.ChatDelegate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Any {@link ChatModel}, steered by pairs of small models or other guides (Zhou et al. 2024, arXiv
 * 2405.19262). The model itself is not changed, and all else about it stays: tools, memory,
 * structured output, listeners, guardrails.
 *
 * <pre>{@code
 * ChatModel guided =
 *     WeakToStrongChatModel.builder().delegate(anyChatModel).pair(kind).build();
 * }</pre>
 *
 * <p>The project's own {@link dev.w2s.local.LocalChatModel} is searched chunk by chunk. Any other
 * model answers in whole responses, of which the best of W·K is taken; its answer may be anything
 * that it can answer:
 *
 * <ul>
 *   <li>The guides see the conversation's texts; images and other content reach the delegate alone.
 *   <li>The first draw decides whether tools are called, as it does without guidance: where the
 *       request offers tools it is made alone, and if it calls one it is the response. Later draws
 *       that call tools are left out.
 *   <li>Structured output is chosen among whole responses as well.
 *   <li>The delegate's thinking stays with its message and is not scored, unless the builder says
 *       so.
 * </ul>
 *
 * <p>A request may say more with {@link WeakToStrongChatRequestParameters}; the answer is a {@link
 * WeakToStrongChatResponse}, or the delegate's own where guidance is switched off. If a guide or
 * the delegate fails after the first round, the best response so far is returned.
 *
 * <p>Safe for use by several threads if the delegate is. Guides and delegate stay the caller's, who
 * closes them when no call is under way any more.
 */
public final class WeakToStrongChatModel implements ChatModel {
  private final GuidedChat chat;

  private WeakToStrongChatModel(GuidedChat chat) {
    this.chat = chat;
  }

  /** A builder with the paper's defaults: W, K, L = 4, 4, 5. */
  public static Builder builder() {
    return new Builder();
  }

  /** As {@link ChatModel#chat(ChatRequest, ChatRequestOptions)}; the delegate gets the options. */
  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    return ChatModel.super.chat(GuidedChat.remember(request, options), options);
  }

  /**
   * Searches for the best response.
   *
   * @param request with merged parameters
   * @throws IllegalArgumentException if a parameter is out of range or names a guide that is not
   *     there, or a guide's chat template cannot show the conversation
   * @throws java.util.concurrent.CancellationException if it is cancelled in the first round
   * @throws RuntimeException what the delegate throws if no call of the first round succeeds, as it
   *     is
   */
  @Override
  public ChatResponse doChat(ChatRequest request) {
    return chat.call(request).answer();
  }

  /**
   * The same on the builder's executor, where LangChain4j has asynchronous calls (1.20 and later).
   * Cancelling the future cancels the search.
   */
  @SuppressWarnings("MissingOverride") // LangChain4j 1.19 has none, 1.20 has
  public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
    AsyncAnswer answer = new AsyncAnswer(chat.call(request));
    chat.executor().execute(answer::run);
    return answer;
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

  /** Builds a {@link WeakToStrongChatModel}; the delegate is required, and a guide to choose. */
  public static final class Builder extends ChatGuidanceBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** The frozen large model. */
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
    public WeakToStrongChatModel build() {
      return new WeakToStrongChatModel(guidedChat());
    }
  }
}
