// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.StreamedChat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The switch of the builders, and whose listeners are told of what. */
class GuidedWhileTest {
  private final AtomicBoolean guided = new AtomicBoolean();
  private final WordGuide kind = new WordGuide("kind");
  private final List<String> told = new ArrayList<>();

  private ChatModelListener listener(String name) {
    return new ChatModelListener() {
      @Override
      public void onRequest(ChatModelRequestContext context) {
        told.add(name);
      }
    };
  }

  /** Leaves telling its listeners to LangChain4j. */
  private final class ListenedStream implements StreamingChatModel {
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      handler.onCompleteResponse(
          ChatResponse.builder().aiMessage(AiMessage.from("a kind word")).build());
    }

    @Override
    public List<ChatModelListener> listeners() {
      return List.of(listener("delegate"));
    }
  }

  private ChatModel listened() {
    return ScriptedChatModel.saying("a kind word").withListeners(listener("delegate"));
  }

  private WeakToStrongChatModel.Builder chat(ChatModel delegate) {
    return WeakToStrongChatModel.builder()
        .delegate(delegate)
        .guide("kind", kind, 1)
        .beamWidth(1)
        .successors(2)
        .concurrency(1)
        .guidedWhile(guided::get);
  }

  @Test
  void whileItIsOffAChatModelAnswersAlone() {
    ChatModel model = chat(ScriptedChatModel.saying("cold", "cold", "kind")).build();
    assertThat(model.chat("hello")).isEqualTo("cold");
    assertThat(kind.texts).isEmpty();
    guided.set(true);
    assertThat(model.chat("hello")).isEqualTo("kind");
  }

  @Test
  void whileItIsOffALanguageModelDrawsOnce() {
    AtomicInteger calls = new AtomicInteger();
    var model =
        WeakToStrongLanguageModel.builder()
            .delegate(
                prompt -> Response.from(calls.incrementAndGet() % 3 == 0 ? "so kind" : "so cold"))
            .guide("kind", kind, 1)
            .chunkCutter(new WordCutter())
            .beamWidth(1)
            .successors(2)
            .chunkLength(9)
            .guidedWhile(guided::get)
            .build();
    assertThat(model.generate("It was").content()).isEqualTo("so cold");
    assertThat(calls).hasValue(1);
    assertThat(kind.texts).isEmpty();
    guided.set(true);
    assertThat(model.generate("It was").content()).isEqualTo("so kind");
  }

  @Test
  void whileItIsOffAStreamIsTheDelegatesOwn() {
    List<String> pieces = new ArrayList<>();
    StreamingLanguageModel delegate =
        (prompt, handler) -> {
          handler.onNext(prompt);
          handler.onNext("!");
          handler.onComplete(Response.from(prompt + "!"));
        };
    WeakToStrongStreamingLanguageModel.builder()
        .delegate(delegate)
        .promptTemplate("Say {{prompt}}")
        .guide("kind", kind, 1)
        .chunkCutter(new WordCutter())
        .executor(Runnable::run)
        .guidedWhile(guided::get)
        .build()
        .generate(
            "it",
            new StreamingResponseHandler<String>() {
              @Override
              public void onNext(String piece) {
                pieces.add(piece);
              }

              @Override
              public void onError(Throwable error) {
                throw new AssertionError(error);
              }
            });
    assertThat(pieces).containsExactly("Say it", "!");
    assertThat(kind.texts).isEmpty();
  }

  @Test
  void theDelegatesListenersAreToldOfEachCallUnlessTheyAreNotToBe() {
    guided.set(true);
    List<ChatModelListener> own = List.of(listener("guided"));
    chat(listened()).listeners(own).build().chat("hello");
    assertThat(told).containsExactly("guided", "delegate", "delegate");
    told.clear();
    ChatModel silent = chat(listened()).listeners(own).delegateListeners(false).build();
    silent.chat("hello");
    guided.set(false);
    silent.chat("hello");
    assertThat(told).containsExactly("guided", "guided");
  }

  @Test
  void theSameOfOneThatStreams() throws Exception {
    var builder =
        WeakToStrongStreamingChatModel.builder()
            .delegate(new ListenedStream())
            .guide("kind", kind, 1)
            .beamWidth(1)
            .successors(2)
            .delegateListeners(false)
            .listeners(List.of(listener("guided")))
            .guidedWhile(guided::get);
    for (boolean on : new boolean[] {true, false}) {
      guided.set(on);
      StreamedChat streamed = new StreamedChat();
      builder.build().chat("hello", streamed);
      assertThat(streamed.await().aiMessage().text()).isEqualTo("a kind word");
    }
    assertThat(told).containsExactly("guided", "guided");
  }

  @Test
  void aDelegateWithAChatOfItsOwnIsCalledAsItIs() {
    guided.set(true);
    ChatModel own =
        new ChatModel() {
          @Override
          public ChatResponse chat(ChatRequest request) {
            told.add("own chat");
            return ChatResponse.builder().aiMessage(AiMessage.from("kind")).build();
          }
        };
    assertThat(chat(own).delegateListeners(false).build().chat("hello")).isEqualTo("kind");
    assertThat(told).containsExactly("own chat", "own chat");
  }
}
