// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as transformers' {@code tojson(ensure_ascii=false, indent=none)} writes it: {@code
 * json.dumps}, keys in their order, spaces behind commas and colons; with {@code indent}, on lines.
 */
final class ToJson extends PythonFilter {

  ToJson() {
    super("tojson", "ensure_ascii", "indent");
  }

  @Override
  Object apply(@Nullable Object value, Map<String, Object> arguments) {
    int indent = arguments.get("indent") instanceof Number number ? number.intValue() : -1;
    boolean ascii = ObjectTruthValue.evaluate(arguments.get("ensure_ascii"));
    Writer writer = new Writer(indent, ascii);
    writer.write(value, 0);
    return writer.json.toString();
  }

  /** Writes one value. */
  private static final class Writer {
    private final StringBuilder json = new StringBuilder();
    private final int indent;
    private final boolean ascii;

    /**
     * @param indent of each depth; negative for one line
     * @param ascii whether all other characters are escaped
     */
    Writer(int indent, boolean ascii) {
      this.indent = indent;
      this.ascii = ascii;
    }

    private void write(@Nullable Object value, int depth) {
      if (value instanceof Map<?, ?> map) {
        writeAll(map.entrySet().iterator(), '{', '}', depth);
      } else if (value instanceof Collection<?> list) {
        writeAll(list.iterator(), '[', ']', depth);
      } else if (value instanceof Map.Entry<?, ?> entry) {
        quote(PythonText.of(entry.getKey()));
        json.append(": ");
        write(entry.getValue(), depth);
      } else if (value instanceof CharSequence text) {
        quote(text.toString());
      } else {
        json.append(value == null ? "null" : value.toString());
      }
    }

    private void writeAll(Iterator<?> elements, char open, char close, int depth) {
      json.append(open);
      boolean any = elements.hasNext();
      while (elements.hasNext()) {
        newLine(depth + 1);
        write(elements.next(), depth + 1);
        if (elements.hasNext()) {
          json.append(indent < 0 ? ", " : ",");
        }
      }
      if (any) {
        newLine(depth);
      }
      json.append(close);
    }

    private void newLine(int depth) {
      if (indent >= 0) {
        json.append('\n').append(" ".repeat(indent * depth));
      }
    }

    private void quote(String text) {
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
            if (c < ' ' || (ascii && c > '~')) {
              json.append("\\u%04x".formatted((int) c));
            } else {
              json.append(c);
            }
          }
        }
      }
      json.append('"');
    }
  }
}
