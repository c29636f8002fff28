// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.report;

import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rounds of a search as lines: what was kept, and what was dropped, each with its score and the
 * part that the round added.
 */
public final class Why {
  /** Of many dropped continuations the best tell why the kept ones were better. */
  private static final int DROPPED_SHOWN = 3;

  private final Map<Integer, String> texts = new HashMap<>(Map.of(0, ""));
  private final List<Round> rounds;

  /**
   * @param rounds all, from the first
   */
  public Why(List<Round> rounds) {
    this.rounds = List.copyOf(rounds);
    for (Round round : rounds) {
      round.candidates().forEach(one -> texts.put(one.id(), one.candidate().text()));
    }
  }

  /**
   * One line of the report.
   *
   * @param kind what it tells of
   * @param text without an end of line
   */
  public record Line(Kind kind, String text) {}

  /** What a line tells of. */
  public enum Kind {
    /** A round. */
    ROUND,
    /** A continuation that was kept. */
    KEPT,
    /** One, or several, that were dropped. */
    DROPPED
  }

  /** All rounds; of what they dropped the best. */
  public List<Line> all() {
    return rounds.stream().flatMap(round -> lines(round, DROPPED_SHOWN).stream()).toList();
  }

  /** One round, with all that it dropped. */
  public List<Line> round(int number) {
    return lines(rounds.get(number - 1), Integer.MAX_VALUE);
  }

  private List<Line> lines(Round round, int droppedShown) {
    Map<Integer, Integer> places = new LinkedHashMap<>();
    round.kept().forEach(kept -> places.merge(kept.id(), 1, Integer::sum));
    List<Line> lines = new ArrayList<>(List.of(new Line(Kind.ROUND, title(round, places.size()))));
    round.kept().stream()
        .filter(distinct())
        .forEach(
            kept ->
                lines.add(new Line(Kind.KEPT, line('+', kept, places.getOrDefault(kept.id(), 1)))));
    List<Hypothesis> dropped =
        round.candidates().stream()
            .filter(one -> !places.containsKey(one.id()))
            .sorted(Comparator.comparingDouble(Hypothesis::score).reversed())
            .toList();
    dropped.stream()
        .limit(droppedShown)
        .forEach(one -> lines.add(new Line(Kind.DROPPED, line('-', one, 1))));
    if (dropped.size() > droppedShown) {
      lines.add(new Line(Kind.DROPPED, "  - " + (dropped.size() - droppedShown) + " more dropped"));
    }
    return lines;
  }

  /** A guard may keep one hypothesis in several places. */
  private static Predicate<Hypothesis> distinct() {
    Set<Integer> seen = new HashSet<>();
    return one -> seen.add(one.id());
  }

  private static String title(Round round, int kept) {
    String title =
        "round %d: %d drawn, %d different, %d kept"
            .formatted(
                round.number(),
                round.drawn(),
                round.candidates().size() - round.carriedOver(),
                kept);
    return round.overruled() == 0 ? title : title + ", guard overruled " + round.overruled();
  }

  private String line(char sign, Hypothesis one, int places) {
    String before = texts.getOrDefault(one.parent(), "");
    String text = one.candidate().text();
    String added = text.startsWith(before) ? text.substring(before.length()) : text;
    String marks =
        (places > 1 ? " (" + places + " times)" : "") + (one.candidate().ended() ? " (end)" : "");
    return "  %s %s  %s%s%s"
        .formatted(sign, Score.of(one.score()), before.isEmpty() ? "" : "…", added.strip(), marks);
  }
}
