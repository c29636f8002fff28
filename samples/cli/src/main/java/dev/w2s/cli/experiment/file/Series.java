// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The short form of several methods: lists where a method has one value. Lists go side by side, so
 * they must be equally long: {@code w: [1, 4]} beside {@code k: [16, 4]} are two methods.
 */
final class Series {
  /** What a method has one of. */
  private static final Set<String> KEYS =
      Set.of("n", "w", "k", "l", "beta", "temperature", "top-k", "top-p", "max-tokens", "guard");

  private Series() {}

  /**
   * One method of the short form.
   *
   * @param section with one value for each key
   * @param values those of the keys that had lists, in the file's order; empty if none had
   * @param over the key to draw the methods over, the first whose values all differ; empty for none
   */
  record Item(Section section, Map<String, String> values, String over) {}

  /** The methods that a mapping stands for, one where it has no lists. */
  static List<Item> of(Section section) {
    Map<String, List<Node>> lists = new LinkedHashMap<>();
    for (NodeTuple tuple : section.node().getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key
          && tuple.getValueNode() instanceof SequenceNode list
          && KEYS.contains(key.getValue())) {
        lists.put(key.getValue(), list.getValue());
      }
    }
    if (lists.isEmpty()) {
      return List.of(new Item(section, Map.of(), ""));
    }
    int length = lists.values().iterator().next().size();
    for (Map.Entry<String, List<Node>> list : lists.entrySet()) {
      if (list.getValue().size() != length || length == 0) {
        section.fault(
            list.getKey(), "lists of one method must be equally long, and hold something");
        return List.of();
      }
    }
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      items.add(item(section, lists, i));
    }
    return items;
  }

  private static Item item(Section section, Map<String, List<Node>> lists, int index) {
    List<NodeTuple> tuples = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    for (NodeTuple tuple : section.node().getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      List<Node> list = lists.get(key);
      if (list == null) {
        tuples.add(tuple);
      } else {
        Node value = list.get(index);
        tuples.add(new NodeTuple(tuple.getKeyNode(), value));
        values.put(key, text(value));
      }
    }
    MappingNode node = section.node();
    return new Item(
        section.with(
            new MappingNode(
                node.getTag(),
                true,
                tuples,
                node.getFlowStyle(),
                node.getStartMark(),
                node.getEndMark())),
        values,
        over(lists));
  }

  private static String over(Map<String, List<Node>> lists) {
    return lists.entrySet().stream()
        .filter(list -> texts(list.getValue()).size() == list.getValue().size())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private static Set<String> texts(List<Node> nodes) {
    return nodes.stream().map(Series::text).collect(Collectors.toSet());
  }

  private static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }
}
