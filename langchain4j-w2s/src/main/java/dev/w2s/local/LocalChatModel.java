// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.model.CausalModel;
import java.util.List;
import java.util.function.Supplier;

/**
 * A {@link CausalModel} as a LangChain4j {@link ChatModel}. It is shown the conversation through
 * its chat template, or plainly where it has none; a last message of the assistant is continued.
 *
 * <p>Tools and response formats are not supported, and are refused; JSON is a matter of the prompt.
 * Safe for use by several threads. The model stays the caller's, who closes it.
 */
public final class LocalChatModel implements ChatModel {
  private final Supplier<LocalChat> chat;
  private final List<ChatModelListener> listeners;

  private LocalChatModel(Supplier<LocalChat> chat, List<ChatModelListener> listeners) {
    this.chat = chat;
    this.listeners = listeners;
  }

  /** A builder with plain sampling, up to 512 tokens. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Answers a conversation.
   *
   * @return the text, the thinking apart, the tokens used, and STOP or LENGTH
   * @throws IllegalArgumentException if a parameter is out of range, or the chat template cannot
   *     show the conversation
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request asks for what the
   *     model does not have; the message names it
   * @throws dev.w2s.model.PositionLimitException if the conversation is longer than the model's
   *     positions
   */
  @Override
  public ChatResponse doChat(ChatRequest request) {
    LocalChat local = local();
    LocalChat.Resolved resolved = local.resolve(request);
    return local
        .generation(resolved)
        .whole()
        .chatResponse(local.model().reference(), resolved.thinking());
  }

  /** The model, and how it answers. */
  public LocalChat local() {
    return chat.get();
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return local().defaultRequestParameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  /** Builds a {@link LocalChatModel}; the model is required. */
  public static final class Builder extends LocalChatBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Builds the model.
     *
     * @throws IllegalArgumentException if the model is missing, or a value is out of range; of a
     *     model that is given later, its first call throws that
     */
    public LocalChatModel build() {
      return new LocalChatModel(chat(), listeners());
    }
  }
}
