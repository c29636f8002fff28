// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What is wrong with one file. A fault that is found twice, in two methods of a series, is one. */
final class Faults {
  private final String file;
  private final Set<Fault> all = new LinkedHashSet<>();

  private record Fault(int line, String text) {}

  Faults(String file) {
    this.file = file;
  }

  /** A key's value breaks a rule; the line is the key's, since a list begins below it. */
  void add(NodeTuple entry, String key, String rule) {
    add(entry.getKeyNode(), key, shown(entry.getValueNode()), rule);
  }

  /** The node breaks a rule. */
  void add(Node node, String key, String rule) {
    add(node, key, shown(node), rule);
  }

  /** Something at the node breaks a rule. */
  void add(Node node, String key, String value, String rule) {
    add(node.getStartMark().map(Mark::getLine).orElse(0) + 1, key + ": " + value + "; " + rule);
  }

  /** Something on a line, which is counted from 1, is wrong. */
  void add(int line, String text) {
    String oneLine = text.strip().replaceAll("\\s*\\R\\s*", " ");
    all.add(new Fault(line, file + ":" + line + ": " + oneLine));
  }

  private static String shown(Node node) {
    if (node instanceof ScalarNode scalar) {
      return "'" + scalar.getValue() + "'";
    }
    boolean empty = node instanceof CollectionNode<?> all && all.getValue().isEmpty();
    return (empty ? "an empty " : "a ") + (node instanceof MappingNode ? "mapping" : "list");
  }

  /**
   * Tells them.
   *
   * @throws InvalidExperimentException if there are any
   */
  void throwIfAny() {
    if (!all.isEmpty()) {
      throw new InvalidExperimentException(
          all.stream().sorted(Comparator.comparingInt(Fault::line)).map(Fault::text).toList());
    }
  }
}
