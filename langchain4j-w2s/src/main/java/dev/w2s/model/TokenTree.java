// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.text.TokenIds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The token sequences of one session as a tree, and the cache slots of those tokens that were run.
 *
 * <p>Sequences that share a beginning share its nodes, so a prompt is run once, a hypothesis is
 * forked for its candidates without copying, and a token that two candidates have in common is run
 * once. Dropping a sequence frees its slots for others; the order of slots means nothing, since a
 * mask says who sees whom. Sequences of different {@linkplain Variant variants} share nothing.
 */
final class TokenTree {
  static final int NOT_RUN = -1;

  /**
   * How a sequence is run: what one variant has computed of a token is not what another would.
   *
   * @param frequencies which of the model's rotary frequencies it has
   * @param adapter which of the model's adapters it goes through; -1 for none
   */
  record Variant(int frequencies, int adapter) {
    static final Variant PLAIN = new Variant(0, -1);
  }

  /** One token after its predecessors. */
  static final class Node {
    final int token;

    /** Place in the sequence, counted from 0; -1 for the root. */
    final int position;

    final Variant variant;

    private final Node parent;
    private final Map<Integer, Node> children = new HashMap<>();

    /** Where its keys, values and hidden state stand in the cache. */
    int slot = NOT_RUN;

    /** Nats given what precedes; NaN until asked for. */
    double logProbability = Double.NaN;

    private Node(Node parent, int token) {
      this.parent = parent;
      this.token = token;
      position = parent.position + 1;
      variant = parent.variant;
    }

    /** A root stands before every sequence of a variant and is its own parent. */
    private Node(Variant variant) {
      this.variant = variant;
      parent = this;
      token = -1;
      position = -1;
    }

    boolean isRoot() {
      return parent == this;
    }

    boolean hasRun() {
      return slot != NOT_RUN;
    }

    Node parent() {
      return parent;
    }

    /** The tokens from a position to this one; none if that is behind it. */
    TokenIds tokensFrom(int first) {
      int[] tokens = new int[Math.max(0, position + 1 - first)];
      Node node = this;
      for (int i = tokens.length - 1; i >= 0; i--) {
        tokens[i] = node.token;
        node = node.parent;
      }
      return TokenIds.of(tokens);
    }
  }

  private final Map<Variant, Node> roots = new HashMap<>();
  private final BitSet used = new BitSet();

  /** The node of a token after another, made if it is new. */
  Node child(Node parent, int token) {
    return parent.children.computeIfAbsent(token, t -> new Node(parent, t));
  }

  /**
   * The node of a token after another in a sequence of a variant. Where that is not the
   * predecessor's, the whole sequence is made anew: nothing that was run of it counts.
   */
  Node child(Node parent, int token, Variant variant) {
    return child(parent.variant.equals(variant) ? parent : under(parent, variant), token);
  }

  private Node under(Node last, Variant variant) {
    List<Node> path = new ArrayList<>();
    for (Node node = last; !node.isRoot(); node = node.parent) {
      path.add(node);
    }
    Node anew = root(variant);
    for (int i = path.size() - 1; i >= 0; i--) {
      anew = child(anew, path.get(i).token);
    }
    return anew;
  }

  private Node root(Variant variant) {
    return roots.computeIfAbsent(variant, Node::new);
  }

  /** The nodes of a sequence of the plain variant, in order, made where they are new. */
  List<Node> path(TokenIds tokens) {
    return path(tokens, Variant.PLAIN);
  }

  /** The nodes of a sequence, in order, made where they are new. */
  List<Node> path(TokenIds tokens, Variant variant) {
    List<Node> path = new ArrayList<>(tokens.size());
    Node node = root(variant);
    for (int i = 0; i < tokens.size(); i++) {
      node = child(node, tokens.get(i));
      path.add(node);
    }
    return path;
  }

  /** Drops every node that does not lead to one of {@code ends}. */
  void retain(Collection<Node> ends) {
    Set<Node> kept = new HashSet<>();
    for (Node end : ends) {
      for (Node node = end; !node.isRoot() && kept.add(node); node = node.parent()) {
        // each node is visited once
      }
    }
    used.clear();
    prune(kept);
  }

  private void prune(Set<Node> kept) {
    List<Node> open = new ArrayList<>(roots.values());
    while (!open.isEmpty()) {
      Node node = open.remove(open.size() - 1);
      node.children.values().retainAll(kept);
      open.addAll(node.children.values());
      if (node.hasRun()) {
        used.set(node.slot);
      }
    }
  }

  /** Gives a node the lowest free slot, so that slots in use stay together. */
  void assignSlot(Node node) {
    node.slot = used.nextClearBit(0);
    used.set(node.slot);
  }

  /** Slots from 0 to the highest in use. */
  int slotsInUse() {
    return used.length();
  }
}
