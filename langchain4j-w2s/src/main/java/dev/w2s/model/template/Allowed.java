// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of jinjava templates may use; all else is switched off or refused by name. */
final class Allowed {
  static final Set<String> TAGS =
      Set.of("if", "elif", "else", "for", "set", "macro", "raw", "break", "continue", "generation");

  static final Set<String> FILTERS =
      Set.of(
          "trim",
          "tojson",
          "length",
          "count",
          "list",
          "join",
          "map",
          "select",
          "reject",
          "selectattr",
          "rejectattr",
          "default",
          "d",
          "upper",
          "lower",
          "title",
          "capitalize",
          "replace",
          "first",
          "last",
          "reverse",
          "string",
          "int",
          "float",
          "safe",
          "indent",
          "round",
          "unique",
          "sort",
          "abs",
          "e",
          "escape",
          "dictsort",
          "format");

  static final Set<String> TESTS =
      Set.of(
          "defined",
          "undefined",
          "none",
          "string",
          "mapping",
          "iterable",
          "sequence",
          "number",
          "integer",
          "float",
          "boolean",
          "true",
          "false",
          "even",
          "odd",
          "divisibleby",
          "sameas",
          "equalto",
          "eq",
          "ne",
          "lt",
          "le",
          "gt",
          "ge",
          "in",
          "lower",
          "upper");

  static final Set<String> FUNCTIONS =
      Set.of(":range", ":namespace", ":raise_exception", ":strftime_now");

  private static final Pattern STRING =
      Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
  private static final Pattern FILTER = Pattern.compile("\\|\\s*([A-Za-z_]\\w*)");
  private static final Pattern TEST = Pattern.compile("\\bis\\s+(?:not\\s+)?([A-Za-z_]\\w*)");

  private Allowed() {}

  /**
   * Looks for filters and tests that are not there, which jinjava would pass over.
   *
   * @throws IllegalArgumentException if there is one; the message names it
   */
  static void check(String expression) {
    String bare = STRING.matcher(expression).replaceAll("''");
    check("filter", FILTER.matcher(bare), FILTERS);
    check("test", TEST.matcher(bare), TESTS);
  }

  private static void check(String kind, Matcher found, Set<String> allowed) {
    while (found.find()) {
      if (!allowed.contains(found.group(1))) {
        throw new IllegalArgumentException(
            "%s '%s' is not supported".formatted(kind, found.group(1)));
      }
    }
  }
}
