// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Jinja2's {@code indent(width=4, first=false, blank=false)}, which leaves blank lines as they are;
 * jinjava's does not.
 */
final class Indent implements Filter {
  private static final int WIDTH = 4;

  @Override
  public String getName() {
    return "indent";
  }

  @Override
  public Object filter(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    String indent = indent(argument("width", 0, arguments, named));
    boolean first = ObjectTruthValue.evaluate(argument("first", 1, arguments, named));
    boolean blank = ObjectTruthValue.evaluate(argument("blank", 2, arguments, named));
    String[] lines = PythonText.of(value).split("\n", -1);
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

  private static @Nullable Object argument(
      String name, int place, Object[] arguments, Map<String, Object> named) {
    return place < arguments.length ? arguments[place] : named.get(name);
  }

  @Override
  public Object filter(
      @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
    return filter(value, interpreter, arguments, Map.of());
  }
}
