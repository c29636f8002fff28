// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An expression's text as jinjava reads it: what Jinja2 has and jinjava has not, or reads in
 * another way, is written differently.
 *
 * <ul>
 *   <li>A slice, {@code x[a:b:c]}, becomes a method, {@code x.slice(a, b, c)}.
 *   <li>The value of a named argument is put in brackets, which binds it as Jinja2 does.
 *   <li>So is what {@code not} stands before, up to the next {@code and}, {@code or}, {@code if} or
 *       {@code else}: jinjava's binds tighter than tests and comparisons.
 *   <li>A backslash at the end of a line within a string joins it with the next one.
 * </ul>
 */
final class ExpressionText {
  private static final Pattern NAMED =
      Pattern.compile("\\s*[A-Za-z_]\\w*\\s*=(?!=).*", Pattern.DOTALL);

  /** Longest expression, in characters, and most brackets within each other, or negations. */
  static final int MAX_LENGTH = 1 << 13;

  static final int MAX_DEPTH = 32;

  private static final String NOT = "not";

  /** What ends the operand of a negation. */
  private static final List<String> WEAKER = List.of("and", "or", "if", "else");

  private final String text;
  private final StringBuilder out = new StringBuilder();

  /** Where the open brackets stand in the output. */
  private final List<Integer> brackets = new ArrayList<>();

  private int at;

  private ExpressionText(String text) {
    this.text = text;
  }

  /**
   * Rewrites an expression.
   *
   * @throws IllegalArgumentException if it uses a filter or a test that is not there, or is too
   *     long or nested too deep
   */
  static String rewrite(String expression) {
    check(expression);
    Allowed.check(expression);
    if (expression.strip().startsWith("macro ")) {
      return expression;
    }
    return new ExpressionText(bracketNegations(expression)).rewrite();
  }

  /** What reads expressions, here and in jinjava, takes the more time the longer and deeper. */
  private static void check(String expression) {
    if (expression.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an expression has %d characters; it must have at most %d"
              .formatted(expression.length(), MAX_LENGTH));
    }
    if (depth(expression) > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "an expression has more than %d brackets within each other".formatted(MAX_DEPTH));
    }
  }

  private static int depth(String expression) {
    int deepest = 0;
    int depth = 0;
    int i = 0;
    while (i < expression.length()) {
      char c = expression.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(expression, i);
        continue;
      }
      depth += "[({".indexOf(c) >= 0 ? 1 : "])}".indexOf(c) >= 0 ? -1 : 0;
      deepest = Math.max(deepest, depth);
      i++;
    }
    return deepest;
  }

  private static String bracketNegations(String expression) {
    StringBuilder out = new StringBuilder(expression);
    int negations = 0;
    int at = 0;
    while (at < out.length()) {
      char c = out.charAt(at);
      if (c == '\'' || c == '"') {
        at = endOfString(out.toString(), at);
      } else if (isNegation(out.toString(), at)) {
        at += NOT.length();
        negations++;
        if (negations > MAX_DEPTH) {
          throw new IllegalArgumentException(
              "an expression has more than %d negations".formatted(MAX_DEPTH));
        }
        out.insert(endOfOperand(out.toString(), at), ')').insert(at, " (");
      } else {
        at++;
      }
    }
    return out.toString();
  }

  private static boolean isNegation(String text, int at) {
    return isWord(text, NOT, at)
        && !text.substring(0, at).matches("(?s).*\\bis\\s+")
        && !text.substring(at).matches("(?s)not\\s+in\\b.*");
  }

  private static int endOfOperand(String text, int from) {
    String rest = text.substring(from);
    return from
        + outside(rest)
            .filter(
                place ->
                    rest.charAt(place) == ','
                        || WEAKER.stream().anyMatch(word -> isWord(rest, word, place)))
            .findFirst()
            .orElseGet(() -> endOfBracket(rest));
  }

  /** Where the bracket closes that a text stands in. */
  private static int endOfBracket(String text) {
    int depth = 0;
    int i = 0;
    while (i < text.length() && depth >= 0) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(text, i);
        continue;
      }
      depth += "[({".indexOf(c) >= 0 ? 1 : "])}".indexOf(c) >= 0 ? -1 : 0;
      i += depth >= 0 ? 1 : 0;
    }
    return i;
  }

  private String rewrite() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'' || c == '"') {
        copyString();
        continue;
      }
      if (c == '}' && !out.isEmpty() && out.charAt(out.length() - 1) == '}') {
        out.append(' '); // two of them end a tag for jinjava
      }
      out.append(c);
      at++;
      if ("[({".indexOf(c) >= 0) {
        brackets.add(out.length() - 1);
      } else if ("])}".indexOf(c) >= 0 && !brackets.isEmpty()) {
        close(brackets.remove(brackets.size() - 1));
      }
    }
    return out.toString();
  }

  private void copyString() {
    int end = endOfString(text, at);
    out.append(text.substring(at, end).replace("\\\n", ""));
    at = end;
  }

  private void close(int open) {
    String inner = out.substring(open + 1, out.length() - 1);
    if (out.charAt(open) == '[') {
      List<String> parts = split(inner, ':');
      if (parts.size() == 2) {
        parts.add(""); // no step
      }
      if (parts.size() == 3) {
        out.setLength(open);
        out.append(
            parts.stream()
                .map(part -> part.isBlank() ? "none" : part.strip())
                .collect(Collectors.joining(", ", ".slice(", ")")));
      }
    } else if (out.charAt(open) == '(' && inner.contains("=")) {
      out.setLength(open);
      out.append(
          split(inner, ',').stream()
              .map(ExpressionText::bracketed)
              .collect(Collectors.joining(",", "(", ")")));
    }
  }

  private static String bracketed(String argument) {
    if (!NAMED.matcher(argument).matches()) {
      return argument;
    }
    int equals = argument.indexOf('=');
    return argument.substring(0, equals + 1) + "(" + argument.substring(equals + 1) + ")";
  }

  private static List<String> split(String inner, char separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int place : outside(inner).filter(p -> inner.charAt(p) == separator).toArray()) {
      parts.add(inner.substring(from, place));
      from = place + 1;
    }
    parts.add(inner.substring(from));
    return parts;
  }

  /**
   * Where a tag ends, strings and brackets left out.
   *
   * @return the place of its end; -1 where there is none
   */
  static int end(String text, int from, String end) {
    int depth = 0;
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (depth == 0 && text.startsWith(end, i)) {
        return i;
      }
      if (c == '\'' || c == '"') {
        i = endOfString(text, i);
        continue;
      }
      depth += "[({".indexOf(c) >= 0 ? 1 : "])}".indexOf(c) >= 0 ? -1 : 0;
      i++;
    }
    return -1;
  }

  /**
   * Where a word stands in an expression, outside of strings and brackets.
   *
   * @return -1 where it does not
   */
  static int wordAt(String expression, String word, int from) {
    return outside(expression)
        .filter(place -> place >= from && isWord(expression, word, place))
        .findFirst()
        .orElse(-1);
  }

  private static boolean isWord(String expression, String word, int at) {
    int end = at + word.length();
    return expression.startsWith(word, at)
        && (at == 0 || !Character.isJavaIdentifierPart(expression.charAt(at - 1)))
        && (end == expression.length() || !Character.isJavaIdentifierPart(expression.charAt(end)));
  }

  /** The places of an expression that are in no string and no bracket of its own. */
  private static IntStream outside(String expression) {
    IntStream.Builder places = IntStream.builder();
    int depth = 0;
    int i = 0;
    while (i < expression.length() && depth >= 0) {
      char c = expression.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(expression, i);
        continue;
      }
      if ("[({".indexOf(c) >= 0) {
        depth++;
      } else if ("])}".indexOf(c) >= 0) {
        depth--;
      } else if (depth == 0) {
        places.add(i);
      }
      i++;
    }
    return places.build();
  }

  /** Behind the string that begins at a place. */
  private static int endOfString(String text, int from) {
    char quote = text.charAt(from);
    int i = from + 1;
    while (i < text.length() && text.charAt(i) != quote) {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i + 1, text.length());
  }
}
