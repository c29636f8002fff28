// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongChatRequestParameters;
import dev.w2s.WeakToStrongChatResponse;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.console.chat.Answer.End;
import dev.w2s.search.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The conversation: asks the large model, guided as the settings say, and remembers. For one
 * thread, but for what stops an answer.
 */
public final class Chat implements AutoCloseable {

  /** A search that was stopped ends within a chunk; models must not be closed under it. */
  private static final int SECONDS_TO_END = 30;

  private final LargeModel large;
  private final Guides guides;
  private final Drawing drawing;
  private final ExecutorService executor = Executors.newSingleThreadExecutor(Chat::daemon);
  private final Memory memory = new Memory();
  private Settings settings;
  private @Nullable Answer last;
  private int turnsBeforeLast;

  /**
   * A conversation without a word yet.
   *
   * @param large closed with it
   * @param guides closed with it
   */
  public Chat(LargeModel large, Guides guides, Drawing drawing, Settings settings) {
    this.large = large;
    this.guides = guides;
    this.drawing = drawing;
    this.settings = settings;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "answer");
    thread.setDaemon(true);
    return thread;
  }

  /** Who is told of an answer while it comes. */
  public interface Listener {
    /** So many of the oldest turns are left out, since the models cannot hold them. */
    void onForgotten(int turns);

    /** The answer goes on. */
    void onPiece(String text);
  }

  /** How answers are made. */
  public Settings settings() {
    return settings;
  }

  /** From the next answer on. */
  public void change(Settings changed) {
    settings = changed;
  }

  /** What can steer. */
  public Guides guides() {
    return guides;
  }

  /** The large model's name. */
  public String largeModel() {
    return large.name();
  }

  /** The last answer that was remembered. */
  public Optional<Answer> last() {
    return Optional.ofNullable(last);
  }

  /** Begins anew, with the same settings. */
  public void reset() {
    memory.clear();
    last = null;
    turnsBeforeLast = 0;
  }

  /**
   * Asks the next question. What was shown of the answer is remembered, a stopped one included; a
   * question without any answer is not.
   *
   * @throws ChatFailure if there is no answer
   */
  public Answer ask(String question, Listener listener, Stop stop) {
    int turns = memory.size();
    Answer answer = answer(question, turns, settings, listener, stop);
    last = answer;
    turnsBeforeLast = turns;
    if (!answer.text().isBlank()) {
      memory.remember(new Exchange(question, answer.text()));
    }
    return answer;
  }

  /**
   * Answers a question that is not remembered, guided or not.
   *
   * @param again whether it is the last question, which is seen as it was then
   * @throws ChatFailure if there is no answer
   */
  public Answer tryOut(
      String question, boolean again, boolean guided, Listener listener, Stop stop) {
    int turns = again ? turnsBeforeLast : memory.size();
    return answer(question, turns, settings.withGuided(guided), listener, stop);
  }

  private Answer answer(String question, int turns, Settings how, Listener listener, Stop stop) {
    Trace trace = new Trace();
    AnswerEvents events = new AnswerEvents();
    stop.whenStopped(events::stopped);
    try {
      Memory.Excerpt seen =
          memory.excerpt(how.system(), question, turns, readers(how), drawing.maxTokens());
      if (seen.forgotten() > 0) {
        listener.onForgotten(seen.forgotten());
      }
      ChatRequest request =
          ChatRequest.builder()
              .messages(seen.messages())
              .parameters(parameters(how, trace, stop))
              .build();
      model().chat(request, events);
    } catch (RuntimeException e) {
      throw new ChatFailure(large.explain(e), e);
    }
    return follow(question, events, trace, listener);
  }

  private List<Reader> readers(Settings how) {
    List<Reader> all = new ArrayList<>(large.readers());
    if (how.steers()) {
      how.steering().keySet().forEach(name -> all.addAll(guides.get(name).readers()));
    }
    return all;
  }

  private static WeakToStrongChatRequestParameters parameters(
      Settings how, Trace trace, Stop stop) {
    WeakToStrongChatRequestParameters.Builder parameters =
        WeakToStrongChatRequestParameters.builder().cancellation(stop.cancellation());
    if (!how.steers()) {
      return parameters.guided(false).build();
    }
    return parameters
        .guides(how.steering())
        .beamWidth(how.beam().width())
        .successors(how.beam().successors())
        .chunkLength(how.beam().chunk())
        .guard(how.searchGuard())
        .listener(trace) // rather than trace(true): of a stopped answer it is all there is
        .build();
  }

  /** Built anew each time, which costs nothing, since guides may have come. */
  private WeakToStrongStreamingChatModel model() {
    WeakToStrongStreamingChatModel.Builder builder =
        large
            .onto(WeakToStrongStreamingChatModel.builder(), drawing, executor)
            .executor(executor)
            .maxTokens(drawing.maxTokens());
    guides.all().forEach(guide -> builder.guide(guide.name(), guide.guide(), 1));
    return builder.build();
  }

  private Answer follow(String question, AnswerEvents events, Trace trace, Listener listener) {
    StringBuilder shown = new StringBuilder();
    while (true) {
      AnswerEvents.Event event = events.next();
      if (event instanceof AnswerEvents.Event.Piece piece) {
        shown.append(piece.text());
        listener.onPiece(piece.text());
      } else if (event instanceof AnswerEvents.Event.Completed completed) {
        return completed(question, shown.toString(), completed.response(), trace);
      } else if (event instanceof AnswerEvents.Event.Failed failed
          && !(failed.failure() instanceof CancellationException)) {
        throw new ChatFailure(large.explain(failed.failure()), failed.failure());
      } else {
        return new Answer(
            question, shown.toString(), End.STOPPED, null, trace.rounds(), null, null);
      }
    }
  }

  private Answer completed(String question, String text, ChatResponse response, Trace trace) {
    Double score = response instanceof WeakToStrongChatResponse guided ? guided.score() : null;
    TokenUsage usage = response.tokenUsage();
    return new Answer(
        question,
        text,
        end(response),
        score,
        trace.rounds(),
        usage == null ? null : usage.outputTokenCount(),
        failure(response));
  }

  private static End end(ChatResponse response) {
    return response.finishReason() == FinishReason.LENGTH ? End.CUT : End.ENDED;
  }

  /** After the first round a failure costs the rest of the answer, not the answer. */
  private @Nullable String failure(ChatResponse response) {
    RuntimeException failure =
        response instanceof WeakToStrongChatResponse guided ? guided.result().failure() : null;
    return failure == null ? null : large.explain(failure);
  }

  /** Waits for a stopped search to end, and closes models and guides. */
  @Override
  public void close() {
    executor.shutdown();
    try (large;
        guides) {
      if (!executor.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
