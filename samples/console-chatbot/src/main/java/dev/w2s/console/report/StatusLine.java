// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.report;

import dev.w2s.console.chat.Answer;
import dev.w2s.search.Round;
import dev.w2s.search.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One line about an answer: how good, how dear. */
public final class StatusLine {
  private StatusLine() {}

  /**
   * The line.
   *
   * @param timed whether it says how long it took, which no second run repeats
   */
  public static String of(Answer answer, boolean timed) {
    List<String> parts = new ArrayList<>();
    switch (answer.end()) {
      case STOPPED -> parts.add("stopped");
      case CUT -> parts.add("cut at the limit");
      case ENDED -> {}
    }
    List<Round> rounds = answer.rounds();
    Integer tokens = answer.tokens();
    if (!rounds.isEmpty()) {
      search(answer, rounds, timed, parts);
    } else if (answer.end() != Answer.End.STOPPED) {
      parts.add("unguided");
      if (tokens != null) {
        parts.add(count(tokens, "token"));
      }
    }
    String failure = answer.failure();
    if (failure != null) {
      parts.add("the best so far, since a model failed: " + failure);
    }
    return String.join(", ", parts);
  }

  private static void search(Answer answer, List<Round> rounds, boolean timed, List<String> parts) {
    Double score = answer.score();
    if (score != null) {
      parts.add("score " + Score.of(score) + " nats");
    }
    Usage usage = rounds.get(rounds.size() - 1).usage();
    parts.add(count(rounds.size(), "round"));
    parts.add(count(usage.sampledTokens(), "token") + " sampled");
    parts.add(count(usage.calls(), "call"));
    if (timed) {
      parts.add(seconds(answer.sampling()) + " sampling");
      parts.add(seconds(answer.scoring()) + " scoring");
    }
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", time.toNanos() / 1e9);
  }
}
