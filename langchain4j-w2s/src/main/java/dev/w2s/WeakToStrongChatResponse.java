// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import dev.w2s.search.SearchResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guided response, and how it came about. Message and metadata are the delegate's own, with the
 * token usage of all its calls; the message carries the score as attribute {@value #SCORE}.
 */
public final class WeakToStrongChatResponse extends ChatResponse {
  /** Attribute of the message: its score in nats; absent where there was nothing to choose. */
  public static final String SCORE = "w2s.score";

  private final SearchResult result;
  private final Duration sampling;
  private final Duration scoring;
  private final List<Round> trace;

  /**
   * @param response the winner
   * @param timings of the search
   */
  WeakToStrongChatResponse(
      ChatResponse response, SearchResult result, Timings timings, List<Round> trace) {
    super(ChatResponse.builder().aiMessage(response.aiMessage()).metadata(response.metadata()));
    this.result = result;
    this.sampling = timings.sampling();
    this.scoring = timings.scoring();
    this.trace = List.copyOf(trace);
  }

  /** What the search found: why it stopped, what it cost in tokens and calls. */
  public SearchResult result() {
    return result;
  }

  /** The responses that were held last, best first, each with its score in nats. */
  public List<Hypothesis> hypotheses() {
    return result.hypotheses();
  }

  /** The response's score in nats; null where there was nothing to choose. */
  public @Nullable Double score() {
    return aiMessage().attribute(SCORE, Double.class);
  }

  /** Wall-clock time of drawing from the delegate. */
  public Duration sampling() {
    return sampling;
  }

  /** Wall-clock time of the guides. */
  public Duration scoring() {
    return scoring;
  }

  /** Every round of the search, if the request asked for a trace; else none. */
  public List<Round> trace() {
    return trace;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof WeakToStrongChatResponse that
        && result.equals(that.result);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), result);
  }
}
