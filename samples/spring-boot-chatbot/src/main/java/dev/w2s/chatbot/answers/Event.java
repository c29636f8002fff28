// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot.answers;

import dev.w2s.search.Hypothesis;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is told of an answer while it is made. The components' names are the keys of its JSON. */
public sealed interface Event {
  /** What the page calls it. */
  String name();

  /**
   * More of the answer.
   *
   * @param text not empty
   */
  record Text(String text) implements Event {
    @Override
    public String name() {
      return "text";
    }
  }

  /**
   * A round of the search.
   *
   * @param number from 1
   * @param candidates all that competed
   * @param overruled how many the guard dropped that the scores would have kept
   */
  record Round(int number, List<Node> candidates, int overruled) implements Event {
    static Round of(dev.w2s.search.Round round) {
      Set<Integer> kept = new HashSet<>();
      round.kept().forEach(hypothesis -> kept.add(hypothesis.id()));
      return new Round(
          round.number(),
          round.candidates().stream().map(each -> Node.of(each, kept.contains(each.id()))).toList(),
          round.overruled());
    }

    @Override
    public String name() {
      return "round";
    }
  }

  /**
   * A hypothesis.
   *
   * @param text the answer so far
   * @param score in nats; null where nothing was scored
   * @param draws how many equal draws it stands for
   * @param ended whether the large model has ended it
   */
  record Node(
      int id,
      int parent,
      String text,
      @Nullable Double score,
      int draws,
      boolean ended,
      boolean kept) {
    static Node of(Hypothesis hypothesis, boolean kept) {
      return new Node(
          hypothesis.id(),
          hypothesis.parent(),
          hypothesis.candidate().wholeText(),
          hypothesis.isScored() ? Double.valueOf(hypothesis.score()) : null,
          hypothesis.draws(),
          hypothesis.candidate().ended(),
          kept);
    }
  }

  /**
   * The answer is complete.
   *
   * @param best the hypothesis that it is; null where there was no search
   * @param reason why it stopped
   * @param sampledTokens of the large model in all draws
   * @param scoredTokens run through the small models
   * @param calls to the large model
   * @param seconds in all
   */
  record Done(
      String text,
      @Nullable Integer best,
      @Nullable Double score,
      String reason,
      long sampledTokens,
      long scoredTokens,
      long calls,
      double samplingSeconds,
      double scoringSeconds,
      double seconds)
      implements Event {
    @Override
    public String name() {
      return "done";
    }
  }

  /** The answer has failed. */
  record Failed(String message) implements Event {
    @Override
    public String name() {
      return "failed";
    }
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
