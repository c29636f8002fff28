// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.NamedGuide;
import dev.w2s.console.chat.Settings;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Weights of guides as they are told. */
final class Weights {
  private Weights() {}

  static String of(double weight) {
    return weight == Math.rint(weight) && Math.abs(weight) < 1e9
        ? Long.toString((long) weight)
        : Double.toString(weight);
  }

  /** What steers. */
  static String steering(Settings settings) {
    String all =
        settings.steering().entrySet().stream()
            .map(guide -> guide.getKey() + " " + of(guide.getValue()))
            .collect(Collectors.joining(", "));
    String by = all.isEmpty() ? "nothing" : all;
    return settings.guided() ? by : by + " once it is /on";
  }

  static void requireGuide(String name, Room room) {
    if (!room.chat().guides().has(name)) {
      List<String> names = room.chat().guides().all().stream().map(NamedGuide::name).toList();
      @Nullable String near = Nearest.of(name, names);
      throw new UsageException(
          "there is no pair '%s'%s"
              .formatted(
                  name,
                  near == null
                      ? ", but " + String.join(", ", names)
                      : ", did you mean '" + near + "'?"));
    }
  }
}
