// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/** A chat model whose answer to each call, counted from 0, is given; it keeps the requests. */
public final class ScriptedChatModel implements ChatModel {
  private final IntFunction<ChatResponse> script;
  private final List<ChatRequest> requests = new ArrayList<>();
  private ChatRequestParameters defaults = DefaultChatRequestParameters.EMPTY;
  private List<ChatModelListener> listeners = List.of();

  /**
   * @param script the answer to each call; what it throws the call throws
   */
  public ScriptedChatModel(IntFunction<ChatResponse> script) {
    this.script = script;
  }

  /** Says these texts in turn, over and over. */
  public static ScriptedChatModel saying(String... texts) {
    return new ScriptedChatModel(call -> text(texts[call % texts.length]));
  }

  /** A response of 10 prompt tokens and one token for each word. */
  public static ChatResponse text(String text) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(text))
        .modelName("scripted")
        .tokenUsage(new TokenUsage(10, text.split(" ").length))
        .finishReason(FinishReason.STOP)
        .build();
  }

  public ScriptedChatModel withDefaults(ChatRequestParameters parameters) {
    defaults = parameters;
    return this;
  }

  public ScriptedChatModel withListeners(ChatModelListener... given) {
    listeners = List.of(given);
    return this;
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    int call;
    synchronized (requests) {
      call = requests.size();
      requests.add(request);
    }
    return script.apply(call);
  }

  /** The requests so far. */
  public List<ChatRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return defaults;
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  @Override
  public ModelProvider provider() {
    return ModelProvider.OLLAMA;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }
}
