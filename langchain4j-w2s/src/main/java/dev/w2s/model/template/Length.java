// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja2's {@code length}: of a text its characters, of which jinjava counts some twice. */
final class Length extends PythonFilter {

  /**
   * @param name it has two
   */
  Length(String name) {
    super(name);
  }

  @Override
  Object apply(@Nullable Object value, Map<String, Object> arguments) {
    if (value == null) {
      return 0L;
    }
    if (value instanceof CharSequence text) {
      return PythonMethods.length(text.toString());
    }
    if (value instanceof Map<?, ?> map) {
      return (long) map.size();
    }
    if (value instanceof Collection<?> list) {
      return (long) list.size();
    }
    throw new TemplateStop("asks for the length of %s, which has none".formatted(value));
  }
}
