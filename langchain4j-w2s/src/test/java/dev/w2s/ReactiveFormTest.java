// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.w2s.testkit.ScriptedChatModel;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reactive form that LangChain4j has from core 1.20 on; under 1.19 there is none to ask. */
class ReactiveFormTest {

  @Test
  void saysThatItIsNotSupported() throws Exception {
    StreamingChatModel model =
        WeakToStrongStreamingChatModel.builder()
            .delegate(ScriptedChatModel.saying("good"))
            .guide("good", new WordGuide("good"), 1)
            .build();
    ChatRequest request = ChatRequest.builder().messages(UserMessage.from("?")).build();
    for (Method form : reactiveForms()) {
      Flow.Publisher<?> answer = (Flow.Publisher<?>) form.invoke(model, request);
      assertThat(error(answer))
          .hasMessage(
              "doChat() is not implemented by " + WeakToStrongStreamingChatModel.class.getName());
    }
  }

  private static Iterable<Method> reactiveForms() {
    return Stream.of(StreamingChatModel.class.getMethods())
        .filter(method -> method.getName().equals("doChat") && method.getParameterCount() == 1)
        .toList();
  }

  private static Throwable error(Flow.Publisher<?> publisher) throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    publisher.subscribe(
        new Flow.Subscriber<Object>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
          }

          @Override
          public void onNext(Object event) {}

          @Override
          public void onError(Throwable error) {
            told.complete(error);
          }

          @Override
          public void onComplete() {
            told.completeExceptionally(new AssertionError("it answered"));
          }
        });
    return told.get(30, TimeUnit.SECONDS);
  }
}
