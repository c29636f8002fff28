// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenTreeTest {

  private final TokenTree tree = new TokenTree();

  /** The path of a sequence, with slots for those of its nodes that have none. */
  private List<Node> run(int... tokens) {
    List<Node> path = tree.path(TokenIds.of(tokens));
    path.stream().filter(node -> !node.hasRun()).forEach(tree::assignSlot);
    return path;
  }

  private static List<Integer> slots(List<Node> path) {
    return path.stream().map(node -> node.slot).toList();
  }

  private static Node last(List<Node> path) {
    return path.get(path.size() - 1);
  }

  @Test
  void aPathCountsPositionsFromZero() {
    List<Node> path = tree.path(TokenIds.of(7, 7, 8));
    assertThat(path).extracting(node -> node.token).containsExactly(7, 7, 8);
    assertThat(path).extracting(node -> node.position).containsExactly(0, 1, 2);
    assertThat(path.get(0).parent().isRoot()).isTrue();
    assertThat(path.get(2).parent()).isSameAs(path.get(1));
    assertThat(path).noneMatch(Node::hasRun).noneMatch(Node::isRoot);
  }

  @Test
  void sequencesShareTheNodesOfTheirCommonBeginning() {
    List<Node> first = tree.path(TokenIds.of(1, 2, 3));
    List<Node> second = tree.path(TokenIds.of(1, 2, 4));
    assertThat(second.subList(0, 2)).isEqualTo(first.subList(0, 2));
    assertThat(second.get(2)).isNotSameAs(first.get(2));
    assertThat(tree.child(first.get(1), 4)).isSameAs(second.get(2));
  }

  @Test
  void theSameTokenElsewhereIsAnotherNode() {
    assertThat(last(tree.path(TokenIds.of(1, 9)))).isNotSameAs(last(tree.path(TokenIds.of(2, 9))));
  }

  @Test
  void variantsShareNothing() {
    TokenTree.Variant adapted = new TokenTree.Variant(0, 1);
    List<Node> plain = tree.path(TokenIds.of(1, 2));
    List<Node> other = tree.path(TokenIds.of(1, 2), adapted);
    assertThat(other).doesNotContainAnyElementsOf(plain);
    assertThat(other).extracting(node -> node.variant).containsOnly(adapted);
    assertThat(tree.path(TokenIds.of(1, 2), new TokenTree.Variant(0, 1))).isEqualTo(other);
    tree.retain(other);
    assertThat(tree.path(TokenIds.of(1, 2), adapted)).isEqualTo(other);
    assertThat(tree.path(TokenIds.of(1, 2))).doesNotContainAnyElementsOf(plain);
  }

  @Test
  void slotsAreGivenFromZeroOn() {
    assertThat(tree.slotsInUse()).isZero();
    assertThat(slots(run(1, 2))).containsExactly(0, 1);
    assertThat(slots(run(1, 3))).containsExactly(0, 2);
    assertThat(tree.slotsInUse()).isEqualTo(3);
  }

  @Test
  void droppedSlotsAreGivenAgainTheLowestFirst() {
    run(1, 2, 3);
    Node kept = last(run(1, 4));
    assertThat(kept.slot).isEqualTo(3);
    tree.retain(List.of(kept));
    assertThat(tree.slotsInUse()).isEqualTo(4);
    assertThat(slots(run(1, 4, 5, 6, 7))).containsExactly(0, 3, 1, 2, 4);
  }

  @Test
  void retainKeepsWhatLeadsToAnEndAndItsSlots() {
    List<Node> first = run(1, 2, 3);
    List<Node> second = run(1, 4, 5);
    tree.retain(List.of(first.get(1), last(second)));
    assertThat(tree.path(TokenIds.of(1, 2, 3)).subList(0, 2)).isEqualTo(first.subList(0, 2));
    assertThat(last(tree.path(TokenIds.of(1, 2, 3)))).isNotSameAs(last(first));
    assertThat(tree.path(TokenIds.of(1, 4, 5))).isEqualTo(second);
  }

  @Test
  void retainOfNothingForgetsAll() {
    List<Node> path = run(1, 2);
    tree.retain(List.of());
    assertThat(tree.slotsInUse()).isZero();
    assertThat(tree.path(TokenIds.of(1, 2))).doesNotContainAnyElementsOf(path);
  }

  @Test
  void retainKeepsNodesThatHaveNotRun() {
    List<Node> path = tree.path(TokenIds.of(1, 2));
    tree.retain(List.of(last(path)));
    assertThat(tree.path(TokenIds.of(1, 2))).isEqualTo(path);
    assertThat(tree.slotsInUse()).isZero();
  }

  @Test
  void slotsInUseReachToTheHighest() {
    run(1, 2, 3);
    List<Node> high = run(4);
    tree.retain(List.of(last(high)));
    assertThat(tree.slotsInUse()).isEqualTo(4);
    tree.retain(List.of());
    assertThat(tree.slotsInUse()).isZero();
  }

  /** A sequence of the length of a large model's context must not overflow the stack. */
  @Test
  void longSequencesArePruned() {
    TokenIds tokens = TokenIds.of(Collections.nCopies(200_000, 1));
    List<Node> path = tree.path(tokens);
    tree.retain(List.of(path.get(100_000)));
    assertThat(tree.path(tokens).get(100_000)).isSameAs(path.get(100_000));
    assertThat(tree.path(tokens).get(100_001)).isNotSameAs(path.get(100_001));
  }
}
