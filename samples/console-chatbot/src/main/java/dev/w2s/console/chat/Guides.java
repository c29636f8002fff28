// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The guides that are loaded, by name. */
public final class Guides implements AutoCloseable {
  private final Map<String, NamedGuide> guides = new LinkedHashMap<>();

  /**
   * Adds one, which is closed with the others.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void add(NamedGuide guide) {
    if (guides.putIfAbsent(guide.name(), guide) != null) {
      throw new IllegalArgumentException("pair '" + guide.name() + "' is there already");
    }
  }

  /** Whether there is one of that name. */
  public boolean has(String name) {
    return guides.containsKey(name);
  }

  /** The one of a name, which must be there. */
  NamedGuide get(String name) {
    return requireNonNull(guides.get(name), name);
  }

  /** All, in the order in which they came. */
  public List<NamedGuide> all() {
    return List.copyOf(guides.values());
  }

  /** Closes all, whatever one of them throws. */
  @Override
  public void close() {
    List<NamedGuide> all = new ArrayList<>(guides.values());
    Collections.reverse(all);
    guides.clear();
    closeAll(all);
  }

  private static void closeAll(List<NamedGuide> left) {
    if (!left.isEmpty()) {
      NamedGuide first = left.get(0);
      try (first) {
        closeAll(left.subList(1, left.size()));
      }
    }
  }
}
