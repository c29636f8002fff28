// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.w2s.search.Round;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer and how it came about.
 *
 * @param question what was asked
 * @param text as far as it was shown
 * @param end how it ended
 * @param score in nats; null where nothing was chosen, or it was stopped
 * @param rounds of the search; none of an unguided answer
 * @param tokens of an unguided answer; null where nobody counted
 * @param failure why it ends where it does; null where nothing failed
 */
public record Answer(
    String question,
    String text,
    End end,
    @Nullable Double score,
    List<Round> rounds,
    @Nullable Integer tokens,
    @Nullable String failure) {

  /** How an answer ended. */
  public enum End {
    /** The model ended it. */
    ENDED,
    /** A limit of tokens or positions cut it. */
    CUT,
    /** Somebody stopped it. */
    STOPPED
  }

  /** Copies the rounds. */
  public Answer {
    rounds = List.copyOf(rounds);
  }

  /** Wall-clock time of all draws. */
  public Duration sampling() {
    return rounds.stream().map(Round::sampling).reduce(Duration.ZERO, Duration::plus);
  }

  /** Wall-clock time of all scoring. */
  public Duration scoring() {
    return rounds.stream().map(Round::scoring).reduce(Duration.ZERO, Duration::plus);
  }
}
