// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot.answers;

import dev.w2s.WeakToStrongChatRequestParameters;
import dev.w2s.chatbot.Critic;
import dev.w2s.chatbot.conversations.Conversations;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.model.CausalModel;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Guard;
import dev.w2s.search.guard.TrustRegion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Schedulers;

/** Has questions answered, and tells of the answers while they are made. */
public final class Answers {
  private final Critic critic;
  private final Conversations conversations;
  private final Supplier<CausalModel> words;
  private final Semaphore places;

  /**
   * @param words the small model that is shown what is wanted and its opposite
   * @param most answers in the making at a time
   */
  public Answers(
      Critic critic, Conversations conversations, Supplier<CausalModel> words, int most) {
    this.critic = critic;
    this.conversations = conversations;
    this.words = words;
    places = new Semaphore(most);
  }

  /** Why a question is not answered now. */
  public static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException(String message) {
      super(message);
    }
  }

  /**
   * Answers a question; who cancels ends the search.
   *
   * @return events, of which the last one is {@link Event.Done} or {@link Event.Failed}; or an
   *     error before the first one: {@link BusyException} where there is too much to do, {@link
   *     IllegalArgumentException} where a guide is not there
   */
  public Flux<Event> answer(AnswerRequest asked) {
    return Flux.<Event>defer(() -> answered(asked)).subscribeOn(Schedulers.boundedElastic());
  }

  private Flux<Event> answered(AnswerRequest asked) {
    if (!places.tryAcquire()) {
      throw new BusyException("Too many questions are being answered; ask again in a moment.");
    }
    // Guided and unguided answers are two conversations, each with its own answers in it.
    String conversation = asked.conversation() + (asked.guided() ? "/guided" : "/alone");
    if (!conversations.begin(conversation)) {
      places.release();
      throw new BusyException("This conversation is waiting for an answer already.");
    }
    Cancellation cancellation = new Cancellation();
    return Flux.<Event>create(sink -> ask(asked, conversation, cancellation, sink))
        .doFinally(signal -> places.release());
  }

  private void ask(
      AnswerRequest asked, String conversation, Cancellation cancellation, FluxSink<Event> sink) {
    Recorder recorder = new Recorder(sink::next);
    sink.onDispose(
        () -> {
          cancellation.cancel();
          conversations.end(conversation, recorder.soFar());
        });
    critic
        .answer(conversation, asked.question(), parameters(asked, recorder, cancellation))
        .onPartialResponse(recorder::more)
        .onCompleteResponse(
            response -> {
              sink.next(recorder.done(response));
              sink.complete();
            })
        .onError(sink::error)
        .start();
  }

  private WeakToStrongChatRequestParameters parameters(
      AnswerRequest asked, Recorder recorder, Cancellation cancellation) {
    WeakToStrongChatRequestParameters.Builder builder =
        WeakToStrongChatRequestParameters.builder().cancellation(cancellation).seed(asked.seed());
    Map<String, Double> weights = new LinkedHashMap<>(asked.weights());
    weights.values().removeIf(weight -> weight == 0);
    AnswerRequest.Words plain = asked.words();
    boolean hasWords = plain != null && plain.weight() != 0;
    if (!asked.guided() || (weights.isEmpty() && !hasWords)) {
      return builder.guided(false).build();
    }
    if (hasWords) {
      addWords(builder, plain);
    }
    return builder
        .guides(weights)
        .beamWidth(asked.beamWidth())
        .successors(asked.successors())
        .chunkLength(asked.chunkLength())
        .guard(asked.guard() ? TrustRegion.defaults() : Guard.none())
        .listener(recorder)
        .build();
  }

  private void addWords(
      WeakToStrongChatRequestParameters.Builder builder, AnswerRequest.@Nullable Words plain) {
    if (plain != null) {
      builder.guide(
          "words",
          GuidancePair.prompted(words.get(), plain.wanted() + " ", plain.opposite() + " "),
          plain.weight());
    }
  }
}
