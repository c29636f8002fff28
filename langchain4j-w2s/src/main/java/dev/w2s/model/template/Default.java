// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jinja2's {@code default(default_value='', boolean=false)}, which gives the value that it is
 * given; jinjava's makes a text of it.
 */
final class Default extends PythonFilter {

  /**
   * @param name it has two
   */
  Default(String name) {
    super(name, "default_value", "boolean");
  }

  @Override
  @Nullable Object apply(@Nullable Object value, Map<String, Object> arguments) {
    boolean missing =
        ObjectTruthValue.evaluate(arguments.get("boolean"))
            ? !ObjectTruthValue.evaluate(value)
            : value == null;
    return missing ? arguments.getOrDefault("default_value", "") : value;
  }
}
