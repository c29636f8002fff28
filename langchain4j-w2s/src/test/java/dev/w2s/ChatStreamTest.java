// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.w2s.search.Cancellation;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.StreamedChat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Streams of answers that come whole, and those that are passed through. */
class ChatStreamTest {
  private static final List<ChatMessage> TALK = List.of(UserMessage.from("How was the movie?"));

  private final WordGuide likesGood = new WordGuide("good");

  private WeakToStrongStreamingChatModel.Builder whole(ScriptedChatModel delegate) {
    return WeakToStrongStreamingChatModel.builder()
        .delegate(delegate)
        .guide("good", likesGood, 1)
        .concurrency(1);
  }

  @Test
  void cancellingBeforeTheFirstPieceWorks() throws InterruptedException {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    ScriptedChatModel slow =
        new ScriptedChatModel(
            call -> {
              called.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return ScriptedChatModel.text("never");
            });
    Cancellation cancellation = new Cancellation();
    StreamedChat stream = new StreamedChat();
    whole(slow)
        .executor(signalling(ended))
        .build()
        .chat(
            ChatRequest.builder()
                .messages(TALK)
                .parameters(
                    WeakToStrongChatRequestParameters.builder().cancellation(cancellation).build())
                .build(),
            stream);
    called.await();
    cancellation.cancel();
    ended.await();
    assertThat(stream.callbacks()).isZero();
    assertThat(slow.requests()).hasSize(1);
  }

  /** A thread that tells when it has ended. */
  static Executor signalling(CountDownLatch ended) {
    return task ->
        new Thread(
                () -> {
                  task.run();
                  ended.countDown();
                })
            .start();
  }

  @Test
  void aCallbackThatThrowsIsToldAndTheStreamGoesOn() throws InterruptedException {
    IllegalStateException thrown = new IllegalStateException("the user's");
    StreamedChat stream = new StreamedChat().throwing(thrown);
    whole(ScriptedChatModel.saying("a good film")).build().chat(TALK, stream);
    assertThat(stream.await().aiMessage().text()).isEqualTo("a good film");
    assertThat(stream.pieces()).containsExactly("a ", "good ", "film");
    assertThat(stream.errors()).containsExactly(thrown, thrown, thrown);
  }

  /** By the handle that comes with a piece. */
  @Test
  void aStreamKnowsThatItIsCancelled() {
    List<Boolean> cancelled = new ArrayList<>();
    List<ChatResponse> complete = new ArrayList<>();
    whole(ScriptedChatModel.saying("a good film"))
        .executor(Runnable::run)
        .build()
        .chat(
            TALK,
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                cancelled.add(context.streamingHandle().isCancelled());
                context.streamingHandle().cancel();
                cancelled.add(context.streamingHandle().isCancelled());
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                complete.add(response);
              }

              @Override
              public void onError(Throwable error) {
                throw new AssertionError(error);
              }
            });
    assertThat(cancelled).containsExactly(false, true);
    assertThat(complete).isEmpty();
  }

  @Test
  void isOfTheDelegatesKind() {
    ChatModelListener listener = new ChatModelListener() {};
    StreamingChatModel model =
        whole(ScriptedChatModel.saying("good")).topP(0.5).listeners(List.of(listener)).build();
    assertThat(model.provider()).isEqualTo(ModelProvider.OLLAMA);
    assertThat(model.supportedCapabilities())
        .containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    assertThat(model.listeners()).containsExactly(listener);
    assertThat(model.defaultRequestParameters().topP()).isEqualTo(0.5);
  }

  @Test
  void aDelegateThatDoesNotStreamAnswersInPiecesWhileItIsNotGuided() throws InterruptedException {
    StreamedChat stream = new StreamedChat();
    whole(ScriptedChatModel.saying("a dull film"))
        .guidedWhile(() -> false)
        .build()
        .chat(TALK, stream);
    assertThat(stream.await()).isNotInstanceOf(WeakToStrongChatResponse.class);
    assertThat(stream.pieces()).containsExactly("a ", "dull ", "film");
    assertThat(likesGood.texts).isEmpty();
  }

  @Test
  void failuresAreToldOnce() throws InterruptedException {
    IllegalStateException broken = new IllegalStateException("no answer");
    StreamedChat stream = new StreamedChat();
    whole(
            new ScriptedChatModel(
                call -> {
                  throw broken;
                }))
        .build()
        .chat(TALK, stream);
    assertThat(stream.awaitError()).isSameAs(broken);
    assertThat(stream.callbacks()).isEqualTo(1);
  }

  @Test
  void thinkingComesFirstAndToolCallsComeWhole() throws InterruptedException {
    ChatResponse thoughtful =
        ChatResponse.builder()
            .aiMessage(AiMessage.builder().thinking("hm").text("good").build())
            .build();
    StreamedChat stream = new StreamedChat();
    whole(new ScriptedChatModel(call -> thoughtful)).build().chat(TALK, stream);
    stream.await();
    assertThat(stream.thinking()).containsExactly("hm");
    assertThat(stream.text()).isEqualTo("good");

    ToolExecutionRequest rate = ToolExecutionRequest.builder().name("rate").build();
    ToolExecutionRequest share = ToolExecutionRequest.builder().name("share").build();
    ChatResponse calling = ChatResponse.builder().aiMessage(AiMessage.from(rate, share)).build();
    StreamedChat tools = new StreamedChat();
    whole(new ScriptedChatModel(call -> calling)).build().chat(TALK, tools);
    assertThat(tools.await().aiMessage()).isEqualTo(calling.aiMessage());
    assertThat(tools.toolCalls())
        .containsExactly(new CompleteToolCall(0, rate), new CompleteToolCall(1, share));
    assertThat(tools.pieces()).isEmpty();
  }

  /** Streams its answer word by word, and says whether it was cancelled. */
  private static final class StreamingDelegate implements StreamingChatModel {
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      calls.incrementAndGet();
      StreamingHandle handle =
          new StreamingHandle() {
            @Override
            public void cancel() {}

            @Override
            public boolean isCancelled() {
              return false;
            }
          };
      new Thread(
              () -> {
                handler.onPartialResponse(
                    new PartialResponse("good"), new PartialResponseContext(handle));
                handler.onCompleteResponse(ScriptedChatModel.text("good"));
              })
          .start();
    }
  }

  @Test
  void aStreamingDelegateIsWaitedForOrPassedThrough() throws InterruptedException {
    StreamingDelegate delegate = new StreamingDelegate();
    WeakToStrongStreamingChatModel model =
        WeakToStrongStreamingChatModel.builder()
            .delegate(delegate)
            .guide("good", likesGood, 1)
            .beamWidth(1)
            .successors(3)
            .build();
    StreamedChat guided = new StreamedChat();
    model.chat(TALK, guided);
    assertThat(guided.await()).isInstanceOf(WeakToStrongChatResponse.class);
    assertThat(guided.text()).isEqualTo("good");
    assertThat(delegate.calls).hasValue(3);

    StreamedChat off = new StreamedChat();
    model.chat(
        ChatRequest.builder()
            .messages(TALK)
            .parameters(WeakToStrongChatRequestParameters.builder().guided(false).build())
            .build(),
        off);
    assertThat(off.await()).isNotInstanceOf(WeakToStrongChatResponse.class);
    assertThat(off.text()).isEqualTo("good");
    assertThat(delegate.calls).hasValue(4);
  }

  /** Goes on until it is cancelled, by its request after two words. */
  private static final class Endless implements StreamingChatModel {
    private final Cancellation cancelledAfterTwo = new Cancellation();
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      StreamingHandle handle = new Handle();
      for (int words = 1; !handle.isCancelled(); words++) {
        handler.onPartialResponse(new PartialResponse("on "), new PartialResponseContext(handle));
        if (words == 2) {
          cancelledAfterTwo.cancel();
        }
      }
      handler.onCompleteResponse(ScriptedChatModel.text("on and on"));
      ended.countDown();
    }
  }

  private static final class Handle implements StreamingHandle {
    private volatile boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }

  @Test
  void aStreamThatIsPassedThroughIsCancelledByTheRequestToo() throws InterruptedException {
    Endless delegate = new Endless();
    StreamedChat stream = new StreamedChat();
    WeakToStrongStreamingChatModel.builder()
        .delegate(delegate)
        .guide("good", likesGood, 1)
        .build()
        .chat(
            ChatRequest.builder()
                .messages(TALK)
                .parameters(
                    WeakToStrongChatRequestParameters.builder()
                        .guided(false)
                        .cancellation(delegate.cancelledAfterTwo)
                        .build())
                .build(),
            stream);
    delegate.ended.await();
    assertThat(stream.pieces()).containsExactly("on ", "on ");
    assertThat(stream.callbacks()).isEqualTo(2);
  }
}
