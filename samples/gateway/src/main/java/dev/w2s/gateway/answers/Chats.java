// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.answers;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.WeakToStrongChatRequestParameters;
import dev.w2s.gateway.models.LargeModel;
import dev.w2s.gateway.models.Plan;
import dev.w2s.gateway.openai.Sampling;
import dev.w2s.search.Cancellation;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Answers conversations. */
public final class Chats {
  private final LargeModel large;
  private final Answering answering;

  /** Of a large model. */
  public Chats(LargeModel large, Answering answering) {
    this.large = large;
    this.answering = answering;
  }

  /** Answers one; who cancels ends the search. */
  public Flux<Piece> answer(List<ChatMessage> messages, Plan plan, Sampling sampling) {
    return Flux.create(
        sink -> {
          Cancellation cancellation = new Cancellation();
          sink.onDispose(cancellation::cancel);
          // Until the large model is loaded it has whoever asks wait, so not on the caller's
          // thread.
          answering
              .executor()
              .execute(() -> answer(request(messages, cancellation), plan, sampling, sink));
        });
  }

  private void answer(ChatRequest request, Plan plan, Sampling sampling, FluxSink<Piece> sink) {
    try {
      SearchReport report = new SearchReport(plan.trace());
      answering
          .with(large.chat(), plan, sampling, report)
          .executor(Runnable::run)
          .build()
          .chat(request, new Handler(sink, report));
    } catch (RuntimeException e) {
      sink.error(e);
    }
  }

  private static ChatRequest request(List<ChatMessage> messages, Cancellation cancellation) {
    return ChatRequest.builder()
        .messages(messages)
        .parameters(WeakToStrongChatRequestParameters.builder().cancellation(cancellation).build())
        .build();
  }

  private record Handler(FluxSink<Piece> sink, SearchReport report)
      implements StreamingChatResponseHandler {
    @Override
    public void onPartialResponse(String partialResponse) {
      sink.next(new Piece.Text(partialResponse));
    }

    @Override
    public void onPartialThinking(PartialThinking partialThinking) {
      sink.next(new Piece.Thinking(partialThinking.text()));
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      sink.next(
          new Piece.End(
              Answering.finishReason(response.finishReason()),
              response.tokenUsage(),
              report.json(),
              null));
      sink.complete();
    }

    @Override
    public void onError(Throwable error) {
      sink.error(error);
    }
  }
}
