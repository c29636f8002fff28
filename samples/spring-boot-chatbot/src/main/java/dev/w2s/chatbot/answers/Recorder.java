// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot.answers;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells of one answer while it is made, and what it has cost. */
final class Recorder implements SearchListener {
  private final Consumer<Event> told;
  private final long start = System.nanoTime();
  private final StringBuilder text = new StringBuilder();
  private Duration sampling = Duration.ZERO;
  private Duration scoring = Duration.ZERO;
  private @Nullable SearchResult result;

  Recorder(Consumer<Event> told) {
    this.told = told;
  }

  @Override
  public void onRound(Round round) {
    sampling = sampling.plus(round.sampling());
    scoring = scoring.plus(round.scoring());
    told.accept(Event.Round.of(round));
  }

  @Override
  public synchronized void onEnd(SearchResult found) {
    result = found;
  }

  synchronized void more(String piece) {
    text.append(piece);
    told.accept(new Event.Text(piece));
  }

  /** The answer as far as it has come. */
  synchronized String soFar() {
    return text.toString();
  }

  synchronized Event.Done done(ChatResponse response) {
    Duration all = Duration.ofNanos(System.nanoTime() - start);
    String whole = response.aiMessage().text();
    SearchResult found = result;
    if (found == null) {
      return alone(whole, response, all);
    }
    Hypothesis best = found.best();
    return new Event.Done(
        whole,
        best.id(),
        best.isScored() ? Double.valueOf(best.score()) : null,
        words(found.stopReason().name()),
        found.usage().sampledTokens(),
        found.usage().scoredTokens(),
        found.usage().calls(),
        Event.seconds(sampling),
        Event.seconds(scoring),
        Event.seconds(all));
  }

  /** Of an answer without a search: one draw, which takes all the time. */
  private static Event.Done alone(String text, ChatResponse response, Duration all) {
    TokenUsage usage = response.tokenUsage();
    Integer tokens = usage == null ? null : usage.outputTokenCount();
    String reason = response.finishReason() == null ? "" : response.finishReason().name();
    double seconds = Event.seconds(all);
    return new Event.Done(
        text, null, null, words(reason), tokens == null ? 0 : tokens, 0, 1, seconds, 0, seconds);
  }

  private static String words(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
