// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.Refusals;
import java.util.Set;

/** A {@link ChatModel}. */
final class PlainDelegate implements ChatDelegate {
  private final ChatModel model;
  private final CallForm form;
  private final boolean silent;

  PlainDelegate(ChatModel model) {
    this(model, new CallForm(model.getClass(), ChatModel.class), /* silent= */ false);
  }

  private PlainDelegate(ChatModel model, CallForm form, boolean silent) {
    this.model = model;
    this.form = form;
    this.silent = silent;
  }

  @Override
  public ChatDelegate silent() {
    return form.leavesChat() ? new PlainDelegate(model, form, /* silent= */ true) : this;
  }

  @Override
  public ChatModel model() {
    return model;
  }

  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    try {
      return DelegateException.requireResponse(answer(request, options), model);
    } catch (InvalidRequestException e) {
      throw Refusals.explained(e);
    }
  }

  private ChatResponse answer(ChatRequest request, ChatRequestOptions options) {
    if (silent) {
      return model.doChat(CallForm.merged(request, model.defaultRequestParameters()));
    }
    return form.with(options) ? model.chat(request, options) : model.chat(request);
  }

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public void stream(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    throw new UnsupportedOperationException(model.getClass().getName() + " does not stream");
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }
}
