// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands between {@code for} and the end of its tag.
 *
 * @param names of the loop's variables
 * @param collection expression for what is looped over
 * @param condition expression that an item must satisfy; null for none
 */
record LoopHeader(List<String> names, String collection, @Nullable String condition) {

  static LoopHeader parse(String text) {
    int in = ExpressionText.wordAt(text, "in", 0);
    if (in < 0 || text.substring(in + 2).isBlank()) {
      throw new IllegalArgumentException(
          "for is '" + text.strip() + "'; it must have variables and what they go through");
    }
    List<String> names =
        Stream.of(text.substring(0, in).replaceAll("[()]", "").split(",", -1))
            .map(String::strip)
            .toList();
    int condition = ExpressionText.wordAt(text, "if", in + 2);
    if (condition < 0) {
      return new LoopHeader(names, text.substring(in + 2).strip(), null);
    }
    return new LoopHeader(
        names, text.substring(in + 2, condition).strip(), text.substring(condition + 2).strip());
  }

  /** Gives the variables their values. */
  void bind(@Nullable Object item, JinjavaInterpreter interpreter) {
    if (names.size() == 1) {
      interpreter.getContext().put(names.get(0), item);
      return;
    }
    List<?> parts =
        item instanceof Map.Entry<?, ?> entry
            ? java.util.Arrays.asList(entry.getKey(), entry.getValue())
            : (List<?>) item;
    if (parts == null || parts.size() != names.size()) {
      throw new IllegalArgumentException(
          "for has %d variables; each item must have as many values".formatted(names.size()));
    }
    for (int i = 0; i < names.size(); i++) {
      interpreter.getContext().put(names.get(i), interpreter.wrap(parts.get(i)));
    }
  }
}
