// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.output.Response;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a handler of a streaming language model as LangChain4j calls those of chat models: where a
 * callback throws, {@code onError} is told and the stream goes on.
 *
 * @param handler the user's
 * @param cancelled asked before each callback; none is made once it is true
 */
public record LanguageCallbacks(
    StreamingResponseHandler<String> handler, BooleanSupplier cancelled) {
  private static final Logger LOG = LoggerFactory.getLogger(LanguageCallbacks.class);

  /**
   * Runs a stream to its end.
   *
   * @param stream given a consumer of pieces, returns the whole response
   */
  public void run(Function<Consumer<String>, Response<String>> stream) {
    Response<String> response;
    try {
      response = stream.apply(piece -> call(() -> handler.onNext(piece)));
    } catch (RuntimeException | Error e) {
      onError(e);
      return;
    }
    call(() -> handler.onComplete(response));
  }

  private void call(Runnable callback) {
    if (cancelled.getAsBoolean()) {
      return;
    }
    try {
      callback.run();
    } catch (RuntimeException e) {
      onError(e);
    }
  }

  private void onError(Throwable failure) {
    if (cancelled.getAsBoolean()) {
      return;
    }
    try {
      handler.onError(failure);
    } catch (RuntimeException e) {
      LOG.warn("onError itself failed and is ignored", e);
    }
  }
}
