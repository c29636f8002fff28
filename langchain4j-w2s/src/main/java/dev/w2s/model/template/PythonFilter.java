// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter whose arguments have names, as Python's have. */
abstract class PythonFilter implements Filter {
  private final String name;
  private final List<String> parameters;

  /**
   * @param parameters in their order
   */
  PythonFilter(String name, String... parameters) {
    this.name = name;
    this.parameters = List.of(parameters);
  }

  @Override
  public final String getName() {
    return name;
  }

  /**
   * Applies it to a value.
   *
   * @param arguments those given, by the names of the parameters
   */
  abstract @Nullable Object apply(@Nullable Object value, Map<String, Object> arguments);

  @Override
  public final @Nullable Object filter(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    return apply(value, byName(arguments, named));
  }

  @Override
  public final @Nullable Object filter(
      @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
    return apply(value, byName(arguments, Map.of()));
  }

  private Map<String, Object> byName(Object[] arguments, Map<String, Object> named) {
    Map<String, Object> all = new HashMap<>(named);
    for (String given : named.keySet()) {
      if (!parameters.contains(given)) {
        throw new TemplateStop("calls %s with %s, which is not supported".formatted(name, given));
      }
    }
    if (arguments.length > parameters.size()) {
      throw new TemplateStop(
          "calls %s with %d arguments; at most %d are supported"
              .formatted(name, arguments.length, parameters.size()));
    }
    for (int i = 0; i < arguments.length; i++) {
      all.put(parameters.get(i), arguments[i]);
    }
    return all;
  }
}
