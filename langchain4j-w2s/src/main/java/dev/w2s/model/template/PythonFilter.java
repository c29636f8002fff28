// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter whose arguments have names, as Python's have. */
abstract class PythonFilter implements Filter {

  /** Applies it to a value. */
  abstract Object apply(@Nullable Object value, Arguments arguments);

  /**
   * What a filter is called with.
   *
   * @param byPlace in order
   * @param byName the others
   */
  record Arguments(List<Object> byPlace, Map<String, Object> byName) {

    /** The argument of a name and a place; null where it is not given. */
    @Nullable Object get(String name, int place) {
      return place < byPlace.size() ? byPlace.get(place) : byName.get(name);
    }
  }

  @Override
  public final Object filter(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    return apply(value, new Arguments(Arrays.asList(arguments), named));
  }

  @Override
  public final Object filter(
      @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
    return apply(value, new Arguments(Arrays.<Object>asList((Object[]) arguments), Map.of()));
  }
}
