// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of the file. Whoever reads a key gets a value that can be gone on with, whatever stands
 * there: what is wrong becomes a fault. A key that nobody has read by the end is not known.
 */
final class Section {
  private final Faults faults;
  private final String path;
  private final MappingNode node;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param path of keys that leads here, empty at the top
   */
  Section(Faults faults, String path, MappingNode node) {
    this.faults = faults;
    this.path = path;
    this.node = node;
    for (NodeTuple tuple : node.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (entries.put(key, tuple) != null) {
        faults.add(tuple.getKeyNode(), path(key), "is there twice", "a key must be there once");
      }
    }
  }

  /** The mapping itself. */
  MappingNode node() {
    return node;
  }

  /** The keys that are there, in the file's order. */
  Set<String> keys() {
    return entries.keySet();
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The value of a key as it is; null if there is none. */
  @Nullable Node find(String key) {
    known.add(key);
    NodeTuple entry = entries.get(key);
    return entry == null ? null : entry.getValueNode();
  }

  /** A key's value, or its absence, breaks a rule. */
  void fault(String key, String rule) {
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      faults.add(node, path(key), "is missing", rule);
    } else {
      faults.add(entry, path(key), rule);
    }
  }

  @Nullable String textOrNull(String key) {
    Node value = find(key);
    if (value == null) {
      return null;
    }
    if (value instanceof ScalarNode scalar && value.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    fault(key, "must be a text, in quotes if it looks like something else");
    return null;
  }

  /** A text that is there and not blank; an empty one where it is not. */
  String required(String key, String what) {
    String text = textOrNull(key);
    if (text != null && !text.isBlank()) {
      return text;
    }
    if (text != null || !has(key)) {
      fault(key, "must be " + what);
    }
    return "";
  }

  /** A whole number; null if there is none. */
  @Nullable Long wholeOrNull(String key, long low, long high) {
    Node value = find(key);
    Long number = value == null ? null : whole(value);
    if (value != null && (number == null || number < low || number > high)) {
      fault(key, "must be a whole number from %d to %d".formatted(low, high));
      return null;
    }
    return number;
  }

  /** A whole number that is no larger than an int. */
  @Nullable Integer integerOrNull(String key, int low) {
    Long number = wholeOrNull(key, low, Integer.MAX_VALUE);
    return number == null ? null : Math.toIntExact(number);
  }

  int integer(String key, int low, int fallback) {
    return Objects.requireNonNullElse(integerOrNull(key, low), fallback);
  }

  /** A whole number that has to be there; the lowest one where it is not. */
  int requiredInteger(String key, int low) {
    if (!has(key)) {
      find(key);
      fault(key, "must be a whole number from %d to %d".formatted(low, Integer.MAX_VALUE));
    }
    return integer(key, low, low);
  }

  @Nullable Double numberOrNull(String key, DoublePredicate allowed, String rule) {
    Node value = find(key);
    Double number = value == null ? null : number(value);
    if (value != null && (number == null || !allowed.test(number))) {
      fault(key, rule);
      return null;
    }
    return number;
  }

  /** One of several words. */
  <T> T choice(String key, Map<String, T> choices, T fallback) {
    String word = textOrNull(key);
    T choice = word == null ? null : choices.get(word);
    if (word != null && choice == null) {
      fault(key, "must be one of " + choices.keySet().stream().sorted().collect(joining(", ")));
    }
    return choice == null ? fallback : choice;
  }

  /** A list of texts; null if there is none. */
  @Nullable List<String> textsOrNull(String key) {
    Node value = find(key);
    if (value == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof SequenceNode list) {
      for (Node each : list.getValue()) {
        if (each instanceof ScalarNode scalar && each.getTag().equals(Tag.STR)) {
          texts.add(scalar.getValue());
        } else {
          faults.add(each, path(key), "must hold texts, in quotes what looks like something else");
        }
      }
    } else {
      fault(key, "must be a list of texts");
    }
    return texts;
  }

  /** A list of whole numbers; null if there is none. */
  @Nullable List<Long> wholesOrNull(String key) {
    Node value = find(key);
    if (value == null) {
      return null;
    }
    List<Long> numbers = new ArrayList<>();
    if (value instanceof SequenceNode list) {
      for (Node each : list.getValue()) {
        Long number = whole(each);
        if (number == null) {
          faults.add(each, path(key), "must be a list of whole numbers");
        } else {
          numbers.add(number);
        }
      }
    } else {
      fault(key, "must be a list of whole numbers");
    }
    return numbers;
  }

  /** A mapping; null if there is none. */
  @Nullable Section sectionOrNull(String key) {
    Node value = find(key);
    if (value instanceof MappingNode mapping) {
      return new Section(faults, path(key), mapping);
    }
    if (value != null) {
      fault(key, "must be a mapping of keys to values");
    }
    return null;
  }

  /** A mapping that may be left out or be empty. */
  Section section(String key) {
    Section section = sectionOrNull(key);
    return section != null ? section : new Section(faults, path(key), emptyMapping());
  }

  private MappingNode emptyMapping() {
    return new MappingNode(
        Tag.MAP, true, List.of(), node.getFlowStyle(), node.getStartMark(), node.getEndMark());
  }

  /** The mappings of a list, with their numbers in their paths; empty if there is none. */
  List<Section> sections(String key) {
    Node value = find(key);
    List<Section> sections = new ArrayList<>();
    if (value instanceof SequenceNode list) {
      for (Node each : list.getValue()) {
        String place = "%s[%d]".formatted(path(key), sections.size() + 1);
        if (each instanceof MappingNode mapping) {
          sections.add(new Section(faults, place, mapping));
        } else {
          faults.add(each, place, "must be a mapping of keys to values");
        }
      }
    } else if (value != null) {
      fault(key, "must be a list");
    }
    return sections;
  }

  /** The same place with another mapping. */
  Section with(MappingNode other) {
    return new Section(faults, path, other);
  }

  /** No more keys will be read. */
  void end() {
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        faults.add(tuple.getKeyNode(), path("?"), "a key must be a text");
      } else if (!known.contains(scalar.getValue())) {
        faults.add(
            scalar,
            path(scalar.getValue()),
            "is not known here",
            "the nearest key is " + Nearest.of(scalar.getValue(), known));
      }
    }
  }

  private static @Nullable Long whole(Node value) {
    if (value instanceof ScalarNode scalar && value.getTag().equals(Tag.INT)) {
      try {
        return Long.valueOf(scalar.getValue());
      } catch (NumberFormatException e) {
        return null; // octal or hexadecimal, or too large
      }
    }
    return null;
  }

  /** The number that a node is; null if it is none, or none that is finite. */
  static @Nullable Double number(Node value) {
    boolean numeric = value.getTag().equals(Tag.INT) || value.getTag().equals(Tag.FLOAT);
    if (numeric && value instanceof ScalarNode scalar) {
      try {
        double number = Double.parseDouble(scalar.getValue());
        return Double.isFinite(number) ? number : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return null;
  }
}
