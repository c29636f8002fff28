// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.w2s.search.Cancellation;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.StreamedChat;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The callbacks of a stream that the delegate makes itself. */
class CancellableCallbacksTest {
  private final StreamedChat user = new StreamedChat();
  private final Cancellation cancellation = new Cancellation();
  private final StreamingChatResponseHandler callbacks =
      new CancellableCallbacks(user, cancellation).proxy();
  private final Handle stream = new Handle();

  /** Of the delegate's stream. */
  private static final class Handle implements StreamingHandle {
    private boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }

  /** The callbacks that bring a handle. */
  private static Stream<Named<BiConsumer<StreamingChatResponseHandler, StreamingHandle>>>
      partial() {
    return Stream.of(
        Named.of(
            "text",
            (handler, handle) ->
                handler.onPartialResponse(
                    new PartialResponse("a"), new PartialResponseContext(handle))),
        Named.of(
            "thinking",
            (handler, handle) ->
                handler.onPartialThinking(
                    new PartialThinking("a"), new PartialThinkingContext(handle))),
        Named.of(
            "a call of a tool",
            (handler, handle) ->
                handler.onPartialToolCall(
                    PartialToolCall.builder().index(0).name("rate").partialArguments("{").build(),
                    new PartialToolCallContext(handle))));
  }

  @ParameterizedTest
  @MethodSource("partial")
  void onceCancelledTheFirstThatBringsAHandleCancelsTheStream(
      BiConsumer<StreamingChatResponseHandler, StreamingHandle> callback) {
    callback.accept(callbacks, stream);
    assertThat(stream.isCancelled()).isFalse();
    int told = user.callbacks();
    cancellation.cancel();
    callback.accept(callbacks, stream);
    assertThat(stream.isCancelled()).isTrue();
    assertThat(user.callbacks()).isEqualTo(told);
  }

  @Test
  void neitherTheEndNorAnErrorFollowsACancellation() {
    cancellation.cancel();
    callbacks.onCompleteResponse(ScriptedChatModel.text("a"));
    callbacks.onError(new IllegalStateException("cut"));
    assertThat(user.callbacks()).isZero();
  }

  @Test
  void untilThenAllGetsThrough() {
    IllegalStateException broken = new IllegalStateException("cut");
    callbacks.onPartialResponse(new PartialResponse("a"), new PartialResponseContext(stream));
    callbacks.onCompleteResponse(ScriptedChatModel.text("a"));
    callbacks.onError(broken);
    assertThat(user.text()).isEqualTo("a");
    assertThat(user.errors()).containsExactly(broken);
    assertThat(user.callbacks()).isEqualTo(3);
  }

  @Test
  void whatACallbackThrowsIsThrownAsItIs() {
    IllegalStateException thrown = new IllegalStateException("the user's");
    user.throwing(thrown);
    assertThatThrownBy(
            () ->
                callbacks.onPartialResponse(
                    new PartialResponse("a"), new PartialResponseContext(stream)))
        .isSameAs(thrown);
  }

  /** A delegate may keep its handlers in a set, or log them. */
  @Test
  void itRemainsAnObjectWhenItIsCancelled() {
    int hash = callbacks.hashCode();
    String name = callbacks.toString();
    cancellation.cancel();
    assertThat(callbacks.hashCode()).isEqualTo(hash);
    assertThat(callbacks).hasToString(name);
  }
}
