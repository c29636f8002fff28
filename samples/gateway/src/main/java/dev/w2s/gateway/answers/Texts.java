// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.answers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongStreamingLanguageModel;
import dev.w2s.gateway.models.LargeModel;
import dev.w2s.gateway.models.LargeModel.Scored;
import dev.w2s.gateway.models.LargeModel.Token;
import dev.w2s.gateway.models.Plan;
import dev.w2s.gateway.openai.CompletionBody;
import dev.w2s.gateway.openai.CompletionBody.Asked;
import dev.w2s.gateway.openai.Sampling;
import dev.w2s.search.Cancellation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Goes on with texts. */
public final class Texts {
  private final LargeModel large;
  private final Answering answering;

  /** Of a large model. */
  public Texts(LargeModel large, Answering answering) {
    this.large = large;
    this.answering = answering;
  }

  /** Answers one choice of a prompt; who cancels ends the search. */
  public Flux<Piece> answer(Asked prompt, Plan plan, Sampling sampling, CompletionBody body) {
    return Flux.defer(() -> answered(prompt, plan, sampling, body))
        .subscribeOn(answering.scheduler());
  }

  private Flux<Piece> answered(Asked prompt, Plan plan, Sampling sampling, CompletionBody body) {
    if (body.maxTokens() == 0) {
      return scoreOnly(prompt, body.logprobs());
    }
    String text = large.text(prompt);
    Flux<Piece> drawn = Flux.create(sink -> draw(sink, text, plan, sampling));
    if (!body.echo()) {
      return drawn;
    }
    Integer likeliest = body.logprobs();
    return likeliest != null
        ? scored(drawn, prompt, likeliest)
        : drawn.startWith(new Piece.Text(text));
  }

  private Flux<Piece> scoreOnly(Asked prompt, @Nullable Integer likeliest) {
    if (likeliest == null) {
      return Flux.<Piece>just(new Piece.Text(large.text(prompt)), end("length", null, null));
    }
    Scored scored = large.score(prompt, "", likeliest);
    return Flux.<Piece>just(
        new Piece.Text(scored.text()), end("length", scored.usage(), json(scored)));
  }

  private static Piece end(
      String reason, @Nullable TokenUsage usage, @Nullable ObjectNode logprobs) {
    return new Piece.End(reason, usage, null, logprobs);
  }

  private void draw(FluxSink<Piece> sink, String prompt, Plan plan, Sampling sampling) {
    SearchReport report = new SearchReport(plan.trace());
    WeakToStrongStreamingLanguageModel model =
        answering.with(large.text(), plan, sampling, report).executor(answering.executor()).build();
    Cancellation cancellation = new Cancellation();
    sink.onDispose(cancellation::cancel);
    model.generate(prompt, new Handler(sink, report), cancellation);
  }

  /** What is to be scored is known at the end, so that all comes then. */
  private Flux<Piece> scored(Flux<Piece> drawn, Asked prompt, int likeliest) {
    return drawn
        .collectList()
        .flatMapMany(
            pieces -> {
              StringBuilder text = new StringBuilder();
              Piece.End end = null;
              for (Piece piece : pieces) {
                if (piece instanceof Piece.Text more) {
                  text.append(more.text());
                } else if (piece instanceof Piece.End last) {
                  end = last;
                }
              }
              if (end == null) {
                return Flux.error(new IllegalStateException("an answer without an end"));
              }
              Scored scored = large.score(prompt, text.toString(), likeliest);
              return Flux.<Piece>just(
                  new Piece.Text(scored.text()),
                  new Piece.End(end.finishReason(), end.usage(), end.search(), json(scored)));
            })
        .publishOn(answering.scheduler());
  }

  private static ObjectNode json(Scored scored) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode tokens = json.putArray("tokens");
    ArrayNode nats = json.putArray("token_logprobs");
    ArrayNode others = JsonNodeFactory.instance.arrayNode();
    ArrayNode offsets = json.putArray("text_offset");
    for (Token token : scored.tokens()) {
      tokens.add(token.text());
      nats.add(token.nats());
      if (token.likeliest().isEmpty()) {
        others.addNull();
      } else {
        token.likeliest().forEach(others.addObject()::put);
      }
      offsets.add(token.offset());
    }
    boolean isAsked = scored.tokens().stream().anyMatch(token -> !token.likeliest().isEmpty());
    json.set("top_logprobs", isAsked ? others : NullNode.getInstance());
    return json;
  }

  private record Handler(FluxSink<Piece> sink, SearchReport report)
      implements StreamingResponseHandler<String> {
    @Override
    public void onNext(String token) {
      sink.next(new Piece.Text(token));
    }

    @Override
    public void onComplete(Response<String> response) {
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
