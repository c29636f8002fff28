// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a regular expression may backtrack without end. The engine of the tokenizers' library
 * (Oniguruma) gives up after ten million steps, which ends the process. In how many ways a text of
 * n characters may be read is bounded by the expression: a repeated character has n of them, an
 * option or alternation two and more, and what has such choices in itself and is repeated has
 * exponentially many.
 */
final class Backtracking {
  /** Repetitions without bound in a row; published tokenizers have two. */
  private static final int MOST_UNBOUNDED = 2;

  /** Repetitions, options and alternations in a row; published tokenizers have five. */
  private static final int MOST_CHOICES = 8;

  /** A range of counts that is no wider than this is an option, else a repetition. */
  private static final int WIDE = 16;

  private static final Pattern QUANTIFIER =
      Pattern.compile("(?:[*+?]|\\{(?<least>\\d{0,9})(?<open>,?)(?<most>\\d{0,9})})[?+]?");
  private static final Pattern GROUP =
      Pattern.compile("\\((?:\\?(?:[imx-]*:|[=!>]|<[=!]|<\\w+>|[imx-]+(?=\\))))?(?!\\?)");

  /** But for what refers to a group, or calls it. */
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:[pP]\\{[^}]*}|[^gk1-9])");

  private final String expression;
  private int at;

  private Backtracking(String expression) {
    this.expression = expression;
  }

  /** How many there are in a row. */
  private record Choices(int unbounded, int all) {
    static final Choices NONE = new Choices(0, 0);
    static final Choices OPTION = new Choices(0, 1);
    static final Choices REPETITION = new Choices(1, 1);
    static final Choices ENDLESS = new Choices(1000, 1000);

    Choices then(Choices next) {
      return new Choices(unbounded + next.unbounded, all + next.all);
    }

    Choices or(Choices other) {
      return new Choices(Math.max(unbounded, other.unbounded), Math.max(all, other.all));
    }
  }

  /** What is not understood (a reference, a call, a condition) counts as endless. */
  static boolean mayBeEndless(String expression) {
    Choices choices = new Backtracking(expression).alternatives();
    return choices.unbounded() > MOST_UNBOUNDED || choices.all() > MOST_CHOICES;
  }

  /** Up to the end of the group or of the expression; an end of no group is passed over. */
  private Choices alternatives() {
    Choices most = Choices.NONE;
    Choices row = Choices.NONE;
    while (at < expression.length() && expression.charAt(at) != ')') {
      if (expression.charAt(at) == '|') {
        at++;
        most = most.or(row);
        row = Choices.NONE;
      } else {
        row = row.then(quantified(atom()));
      }
    }
    return most.or(row);
  }

  private Choices atom() {
    char first = expression.charAt(at);
    return switch (first) {
      case '(' -> group();
      case '\\' -> passed(ESCAPE) ? Choices.NONE : unknown();
      case '[' -> characters();
      default -> {
        at += Character.charCount(expression.codePointAt(at));
        yield Choices.NONE;
      }
    };
  }

  private Choices unknown() {
    at = expression.length();
    return Choices.ENDLESS;
  }

  private Choices group() {
    if (!passed(GROUP)) {
      return unknown();
    }
    int start = at;
    Choices inner = alternatives();
    boolean alternation = expression.substring(start, at).indexOf('|') >= 0;
    at = Math.min(at + 1, expression.length());
    return alternation ? inner.then(Choices.OPTION) : inner;
  }

  /** A class may hold others. */
  private Choices characters() {
    int depth = 0;
    do {
      char c = expression.charAt(at);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      at += c == '\\' ? 2 : 1;
    } while (depth > 0 && at < expression.length());
    at = Math.min(at, expression.length());
    return Choices.NONE;
  }

  private Choices quantified(Choices atom) {
    Choices all = atom;
    Matcher quantifier = QUANTIFIER.matcher(expression).region(at, expression.length());
    while (quantifier.lookingAt()) {
      at = quantifier.end();
      all = repeated(all, quantifier);
      quantifier.region(at, expression.length());
    }
    return all;
  }

  private static Choices repeated(Choices atom, Matcher quantifier) {
    char sign = quantifier.group().charAt(0);
    if (sign == '?') {
      return atom.then(Choices.OPTION);
    }
    if (atom.all() > 0) {
      return Choices.ENDLESS;
    }
    if (sign != '{') {
      return Choices.REPETITION;
    }
    int least = number(quantifier.group("least"), 0);
    int most = number(quantifier.group("most"), Integer.MAX_VALUE);
    if (quantifier.group("open").isEmpty() || least == most) {
      return Choices.NONE;
    }
    return most - least <= WIDE ? Choices.OPTION : Choices.REPETITION;
  }

  private static int number(String digits, int otherwise) {
    return digits.isEmpty() ? otherwise : Integer.parseInt(digits);
  }

  private boolean passed(Pattern pattern) {
    Matcher matcher = pattern.matcher(expression).region(at, expression.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    at = matcher.end();
    return true;
  }
}
