// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
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
      throw new TemplateStop(
          "has a for of '%s', which must have variables and what they go through"
              .formatted(text.strip()));
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
    Collection<?> parts =
        item instanceof Map.Entry<?, ?> entry
            ? Arrays.asList(entry.getKey(), entry.getValue())
            : PythonMethods.elements(item);
    if (parts == null || parts.size() != names.size()) {
      throw new TemplateStop(
          "has a for of %d variables; each item must have as many values".formatted(names.size()));
    }
    Iterator<String> name = names.iterator();
    parts.forEach(part -> interpreter.getContext().put(name.next(), interpreter.wrap(part)));
  }
}
