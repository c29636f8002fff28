// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In which form a model is called. LangChain4j's call with options ends in {@code doChat}, which a
 * model that overrides {@code chat(request)} alone does not have.
 */
final class CallForm {
  private static final Logger LOG = LoggerFactory.getLogger(CallForm.class);

  private final Class<?> model;
  private final boolean takesOptions;
  private final boolean leavesChat;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param model the model's class
   * @param type LangChain4j's interface, whose defaults do not count
   */
  CallForm(Class<?> model, Class<?> type) {
    this.model = model;
    List<Method> own =
        Arrays.stream(model.getMethods())
            .filter(method -> method.getDeclaringClass() != type)
            .filter(method -> Arrays.asList(method.getParameterTypes()).contains(ChatRequest.class))
            .toList();
    boolean hasDoChat = own.stream().anyMatch(method -> method.getName().equals("doChat"));
    List<Method> chats = own.stream().filter(method -> method.getName().equals("chat")).toList();
    takesOptions = hasDoChat || chats.stream().anyMatch(CallForm::hasOptions);
    leavesChat = hasDoChat && chats.isEmpty();
  }

  private static boolean hasOptions(Method method) {
    return Arrays.asList(method.getParameterTypes()).contains(ChatRequestOptions.class);
  }

  /** Whether {@code chat} is LangChain4j's own, which merges parameters and tells listeners. */
  boolean leavesChat() {
    return leavesChat;
  }

  /** A request as {@code doChat} is given it: with the model's defaults where it says nothing. */
  static ChatRequest merged(ChatRequest request, ChatRequestParameters defaults) {
    return ChatRequest.builder()
        .messages(request.messages())
        .parameters(defaults.overrideWith(request.parameters()))
        .build();
  }

  /** Whether a call is made with its options; those that cannot be given are told of once. */
  boolean with(ChatRequestOptions options) {
    if (options.equals(ChatRequestOptions.EMPTY)) {
      return false;
    }
    if (!takesOptions && warned.compareAndSet(false, true)) {
      LOG.warn("{} takes no ChatRequestOptions; they are dropped", model.getName());
    }
    return takesOptions;
  }
}
