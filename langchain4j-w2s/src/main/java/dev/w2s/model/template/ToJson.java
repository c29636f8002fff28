// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as transformers' {@code tojson} writes it: {@code json.dumps} without escapes for other
 * scripts, keys in their order, spaces behind commas and colons; with {@code indent}, on lines.
 */
final class ToJson extends PythonFilter {

  @Override
  public String getName() {
    return "tojson";
  }

  @Override
  Object apply(@Nullable Object value, Arguments arguments) {
    StringBuilder json = new StringBuilder();
    int indent = arguments.get("indent", 0) instanceof Number number ? number.intValue() : -1;
    write(value, indent, 0, json);
    return json.toString();
  }

  private static void write(@Nullable Object value, int indent, int depth, StringBuilder json) {
    if (value instanceof Map<?, ?> map) {
      writeAll(map.entrySet().iterator(), '{', '}', indent, depth, json);
    } else if (value instanceof Collection<?> list) {
      writeAll(list.iterator(), '[', ']', indent, depth, json);
    } else if (value instanceof Map.Entry<?, ?> entry) {
      quote(PythonText.of(entry.getKey()), json);
      json.append(": ");
      write(entry.getValue(), indent, depth, json);
    } else if (value instanceof CharSequence text) {
      quote(text.toString(), json);
    } else {
      json.append(value == null ? "null" : value.toString());
    }
  }

  private static void writeAll(
      Iterator<?> elements, char open, char close, int indent, int depth, StringBuilder json) {
    json.append(open);
    boolean any = elements.hasNext();
    while (elements.hasNext()) {
      newLine(indent, depth + 1, json);
      write(elements.next(), indent, depth + 1, json);
      if (elements.hasNext()) {
        json.append(indent < 0 ? ", " : ",");
      }
    }
    if (any) {
      newLine(indent, depth, json);
    }
    json.append(close);
  }

  private static void newLine(int indent, int depth, StringBuilder json) {
    if (indent >= 0) {
      json.append('\n').append(" ".repeat(indent * depth));
    }
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> {
          if (c < ' ') {
            json.append("\\u00")
                .append(Character.forDigit(c >> 4, 16))
                .append(Character.forDigit(c & 15, 16));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
