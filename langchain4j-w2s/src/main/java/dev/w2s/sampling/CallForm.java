// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.chat.ChatRequestOptions;
import java.util.Arrays;
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
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param model the model's class
   * @param type LangChain4j's interface, whose defaults do not count
   */
  CallForm(Class<?> model, Class<?> type) {
    this.model = model;
    takesOptions =
        Arrays.stream(model.getMethods())
            .filter(method -> method.getDeclaringClass() != type)
            .anyMatch(
                method ->
                    method.getName().equals("doChat")
                        || (method.getName().equals("chat")
                            && Arrays.asList(method.getParameterTypes())
                                .contains(ChatRequestOptions.class)));
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
