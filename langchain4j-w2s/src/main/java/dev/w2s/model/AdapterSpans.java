// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which adapters the tokens of a call go through. They are put in an order in which those of one
 * adapter stand together, so that each takes a part of the batch as it lies in memory.
 *
 * @param nodes in that order; what precedes a token within its sequence still does
 * @param spans an adapter (-1 for none) and how many tokens go through it, in the same order; empty
 *     where none goes through any
 */
record AdapterSpans(List<Node> nodes, List<Span> spans) {

  /** An adapter, or -1, and how many tokens go through it. */
  record Span(int adapter, int count) {}

  static AdapterSpans of(List<Node> nodes) {
    if (nodes.stream().allMatch(node -> node.variant.adapter() < 0)) {
      return new AdapterSpans(nodes, List.of());
    }
    List<Node> sorted =
        nodes.stream().sorted(Comparator.comparingInt(node -> node.variant.adapter())).toList();
    List<Span> spans = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      int adapter = sorted.get(first).variant.adapter();
      if (i == sorted.size() || sorted.get(i).variant.adapter() != adapter) {
        spans.add(new Span(adapter, i - first));
        first = i;
      }
    }
    return new AdapterSpans(sorted, List.copyOf(spans));
  }

  long[] adapters() {
    return spans.stream().mapToLong(Span::adapter).toArray();
  }

  long[] counts() {
    return spans.stream().mapToLong(Span::count).toArray();
  }
}
