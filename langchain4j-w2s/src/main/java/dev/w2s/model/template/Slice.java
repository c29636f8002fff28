// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code x[start:stop:step]}. */
final class Slice {
  private Slice() {}

  /** Of a text by its characters, which are not those of Java: some take two of them. */
  static String of(String text, List<Object> arguments) {
    int[] characters = text.codePoints().toArray();
    StringBuilder sliced = new StringBuilder();
    for (int place : places(characters.length, arguments)) {
      sliced.appendCodePoint(characters[place]);
    }
    return sliced.toString();
  }

  /**
   * @param arguments start, stop and step, each null where it is left out
   */
  static List<Object> of(List<?> list, List<Object> arguments) {
    List<Object> sliced = new ArrayList<>();
    for (int place : places(list.size(), arguments)) {
      sliced.add(list.get(place));
    }
    return sliced;
  }

  private static List<Integer> places(int size, List<Object> arguments) {
    int step = number(arguments.get(2), 1);
    if (step == 0) {
      throw new TemplateStop("slices with step 0, which must be another number");
    }
    int lowest = step > 0 ? 0 : -1;
    int highest = step > 0 ? size : size - 1;
    int start = place(arguments.get(0), step > 0 ? lowest : highest, size, lowest, highest);
    int stop = place(arguments.get(1), step > 0 ? highest : lowest, size, lowest, highest);
    List<Integer> places = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      places.add((int) i);
    }
    return places;
  }

  private static int place(
      @Nullable Object value, int otherwise, int size, int lowest, int highest) {
    if (value == null) {
      return otherwise;
    }
    int number = number(value, otherwise);
    return Math.max(lowest, Math.min(highest, number < 0 ? number + size : number));
  }

  private static int number(@Nullable Object value, int otherwise) {
    return value instanceof Number number ? number.intValue() : otherwise;
  }
}
