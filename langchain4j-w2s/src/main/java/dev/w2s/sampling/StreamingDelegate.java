// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.Refusals;
import java.util.Set;

/** A {@link StreamingChatModel}. */
final class StreamingDelegate implements ChatDelegate {
  private final StreamingChatModel model;
  private final CallForm form;
  private final boolean silent;

  StreamingDelegate(StreamingChatModel model) {
    this(model, new CallForm(model.getClass(), StreamingChatModel.class), /* silent= */ false);
  }

  private StreamingDelegate(StreamingChatModel model, CallForm form, boolean silent) {
    this.model = model;
    this.form = form;
    this.silent = silent;
  }

  @Override
  public ChatDelegate silent() {
    return form.leavesChat() ? new StreamingDelegate(model, form, /* silent= */ true) : this;
  }

  @Override
  public StreamingChatModel model() {
    return model;
  }

  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    CollectingHandler handler = new CollectingHandler();
    stream(request, options, handler);
    try {
      return DelegateException.requireResponse(handler.await(), model);
    } catch (InvalidRequestException e) {
      throw Refusals.explained(e);
    }
  }

  @Override
  public boolean streams() {
    return true;
  }

  @Override
  public void stream(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    if (silent) {
      model.doChat(CallForm.merged(request, model.defaultRequestParameters()), handler);
    } else if (form.with(options)) {
      model.chat(request, options, handler);
    } else {
      model.chat(request, handler);
    }
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
