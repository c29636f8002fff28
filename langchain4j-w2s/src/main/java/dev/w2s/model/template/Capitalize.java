// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja2's {@code capitalize}; jinjava's looks for a letter behind what is none. */
final class Capitalize extends PythonFilter {

  Capitalize() {
    super("capitalize");
  }

  @Override
  Object apply(@Nullable Object value, Map<String, Object> arguments) {
    return PythonMethods.capitalize(PythonText.of(value));
  }
}
