// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.w2s.search.Cancellation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of a stream that the delegate makes itself, none of which follows a cancellation;
 * the first that would is used to cancel the delegate's stream. A proxy, so that callbacks that a
 * later LangChain4j adds get through as well.
 */
record CancellableCallbacks(StreamingChatResponseHandler handler, Cancellation cancellation)
    implements InvocationHandler {

  StreamingChatResponseHandler proxy() {
    return (StreamingChatResponseHandler)
        Proxy.newProxyInstance(
            StreamingChatResponseHandler.class.getClassLoader(),
            new Class<?>[] {StreamingChatResponseHandler.class},
            this);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    if (cancellation.isCancelled() && method.getDeclaringClass() != Object.class) {
      cancelStream(args == null ? new Object[0] : args);
      return null; // callbacks return nothing
    }
    try {
      return method.invoke(handler, args);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  private static void cancelStream(@Nullable Object[] args) {
    for (Object arg : args) {
      StreamingHandle handle = handle(arg);
      if (handle != null) {
        handle.cancel();
      }
    }
  }

  private static @Nullable StreamingHandle handle(@Nullable Object context) {
    if (context instanceof PartialResponseContext text) {
      return text.streamingHandle();
    }
    if (context instanceof PartialThinkingContext thinking) {
      return thinking.streamingHandle();
    }
    return context instanceof PartialToolCallContext call ? call.streamingHandle() : null;
  }
}
