// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as Python writes them. */
final class PythonText {
  private PythonText() {}

  /** As {@code str} does; nothing for what is not there. */
  static String of(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof Collection<?>
        || value instanceof Map<?, ?>
        || value instanceof Map.Entry<?, ?>) {
      return literal(value);
    }
    return value == null ? "" : value.toString();
  }

  /** As {@code repr} does. */
  private static String literal(@Nullable Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> literal(entry.getKey()) + ": " + literal(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Map.Entry<?, ?> pair) {
      return "(" + literal(pair.getKey()) + ", " + literal(pair.getValue()) + ")";
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(PythonText::literal).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof CharSequence text ? quoted(text.toString()) : of(value);
  }

  private static String quoted(String text) {
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    return text.codePoints()
        .mapToObj(c -> c == quote ? "\\" + quote : escaped(c))
        .collect(Collectors.joining("", "" + quote, "" + quote));
  }

  private static String escaped(int c) {
    return switch (c) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        if (c == ' ' || isVisible(c)) {
          yield Character.toString(c);
        }
        yield (c <= 0xFF ? "\\x%02x" : c <= 0xFFFF ? "\\u%04x" : "\\U%08x").formatted(c);
      }
    };
  }

  /** Whether it is no control character, no space of any width, and no code without a character. */
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SPACE_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
