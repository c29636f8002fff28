// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.testkit.ScriptedChatModel;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes from another thread is waited for: answers, failures, and whole streams. */
class AnswersTest {

  /** Counts how often a stream is cancelled. */
  private static final class Handle implements StreamingHandle {
    private final AtomicInteger cancellations = new AtomicInteger();

    @Override
    public void cancel() {
      cancellations.incrementAndGet();
    }

    @Override
    public boolean isCancelled() {
      return cancellations.get() > 0;
    }
  }

  /** The callbacks that bring a stream's handle. */
  static Stream<BiConsumer<CollectingHandler, StreamingHandle>> partials() {
    return Stream.of(
        (handler, handle) ->
            handler.onPartialResponse(new PartialResponse("a"), new PartialResponseContext(handle)),
        (handler, handle) ->
            handler.onPartialThinking(new PartialThinking("a"), new PartialThinkingContext(handle)),
        (handler, handle) ->
            handler.onPartialToolCall(
                PartialToolCall.builder().index(0).name("look").partialArguments("{").build(),
                new PartialToolCallContext(handle)));
  }

  private static void assertInterrupted(Runnable waiting) {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(waiting::run).isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).as("the flag is set again").isTrue();
    }
  }

  @Test
  void failuresComeOutAsTheyAreAndCheckedOnesWrapped() {
    RuntimeException failure = new IllegalStateException("503");
    Error error = new OutOfMemoryError("test");
    IOException checked = new IOException("reset");
    assertThatThrownBy(() -> Answers.await(CompletableFuture.failedFuture(failure)))
        .isSameAs(failure);
    assertThatThrownBy(() -> Answers.await(CompletableFuture.failedFuture(error))).isSameAs(error);
    assertThatThrownBy(() -> Answers.await(CompletableFuture.failedFuture(checked)))
        .isInstanceOf(DelegateException.class)
        .hasMessageContaining("reset")
        .hasRootCause(checked);
    assertThat(Answers.await(CompletableFuture.completedFuture("a"))).isEqualTo("a");
  }

  @Test
  void anInterruptEndsTheWait() {
    assertInterrupted(() -> Answers.await(new CompletableFuture<String>()));
  }

  @ParameterizedTest
  @MethodSource("partials")
  void anInterruptCancelsTheStreamWhoseHandleIsKnown(
      BiConsumer<CollectingHandler, StreamingHandle> partial) {
    CollectingHandler handler = new CollectingHandler();
    Handle handle = new Handle();
    partial.accept(handler, handle);
    assertThat(handle.isCancelled()).isFalse();
    assertInterrupted(handler::await);
    assertThat(handle.cancellations).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource("partials")
  void afterAnInterruptTheFirstPieceCancelsTheStream(
      BiConsumer<CollectingHandler, StreamingHandle> partial) {
    CollectingHandler handler = new CollectingHandler();
    assertInterrupted(handler::await);
    Handle handle = new Handle();
    partial.accept(handler, handle);
    assertThat(handle.cancellations).hasValue(1);
  }

  @Test
  void aStreamsEndIsItsResponse() {
    ChatResponse response = ScriptedChatModel.text("a b");
    CollectingHandler handler = new CollectingHandler();
    handler.onCompleteResponse(response);
    assertThat(handler.await()).isSameAs(response);
    RuntimeException failure = new IllegalStateException("503");
    CollectingHandler failing = new CollectingHandler();
    failing.onError(failure);
    assertThatThrownBy(failing::await).isSameAs(failure);
  }

  private static Response<String> streamed(Consumer<StreamingResponseHandler<String>> script) {
    StreamingLanguageModel model = (prompt, handler) -> script.accept(handler);
    return new StreamedLanguageModel(model).generate("P:");
  }

  @Test
  void aStreamOfTextIsTheResponseAtItsEnd() {
    Response<String> whole = Response.from("a b", new TokenUsage(1, 2), FinishReason.STOP);
    assertThat(
            streamed(
                handler -> {
                  handler.onNext("a");
                  handler.onComplete(whole);
                }))
        .isSameAs(whole);
    RuntimeException failure = new IllegalStateException("503");
    assertThatThrownBy(() -> streamed(handler -> handler.onError(failure))).isSameAs(failure);
  }
}
