// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** An application as others have them: it knows LangChain4j, and nothing of guidance. */
@SpringBootApplication
public class ChatApplication {

  /** Its one controller, for servlets and reactive servers alike. */
  @RestController
  static class Chat {
    private final ChatModel model;
    private final StreamingChatModel streaming;

    Chat(ChatModel model, StreamingChatModel streaming) {
      this.model = model;
      this.streaming = streaming;
    }

    @GetMapping("/ask")
    Mono<String> ask(@RequestParam("question") String question) {
      return Mono.fromCallable(() -> model.chat(question)).subscribeOn(Schedulers.boundedElastic());
    }

    @GetMapping(value = "/stream", produces = "text/event-stream")
    Flux<String> stream(@RequestParam("question") String question) {
      return Flux.create(
          sink ->
              streaming.chat(
                  question,
                  new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String partial) {
                      sink.next("[" + Thread.currentThread() + "]" + partial);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                      sink.complete();
                    }

                    @Override
                    public void onError(Throwable error) {
                      sink.error(error);
                    }
                  }));
    }
  }
}
