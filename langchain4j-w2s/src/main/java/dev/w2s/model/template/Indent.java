// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Jinja2's {@code indent(width=4, first=false, blank=false)}, which leaves blank lines as they are;
 * jinjava's does not.
 */
final class Indent extends PythonFilter {
  private static final int WIDTH = 4;

  Indent() {
    super("indent", "width", "first", "blank");
  }

  @Override
  Object apply(@Nullable Object value, Map<String, Object> arguments) {
    String indent = indent(arguments.get("width"));
    boolean first = ObjectTruthValue.evaluate(arguments.get("first"));
    boolean blank = ObjectTruthValue.evaluate(arguments.get("blank"));
    String text = PythonText.of(value);
    PythonMethods.requireRoom(text, "\n", "\n" + indent);
    String[] lines = text.split("\n", -1);
    return IntStream.range(0, lines.length)
        .mapToObj(
            i -> (i == 0 ? first : blank || !lines[i].isEmpty()) ? indent + lines[i] : lines[i])
        .collect(Collectors.joining("\n"));
  }

  private static String indent(@Nullable Object width) {
    if (width instanceof CharSequence text) {
      return text.toString();
    }
    return " ".repeat(width instanceof Number number ? Math.max(0, number.intValue()) : WIDTH);
  }
}
