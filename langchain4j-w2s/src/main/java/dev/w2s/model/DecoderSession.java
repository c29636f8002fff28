// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.pytorch.jni.IValue;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.files.InvalidModelException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs token sequences with a cache that lives as long as the session. Owns the cache's native
 * memory; all methods run on the inference thread.
 */
final class DecoderSession implements AutoCloseable {
  /** Tokens run at once; bounds the mask and the activations of a long prompt. */
  private static final int RUN_BLOCK = 512;

  /** Rows of logits at once; the program takes the vocabulary in blocks, which bounds the rest. */
  private static final int LOGIT_ROWS = 256;

  private final DecoderProgram program;
  private final DecoderConfig config;
  private final String model;
  private final int cacheBlock;
  private final TokenTree tree = new TokenTree();
  private @Nullable DecoderCache cache;
  private ByteBuffer mask = ByteBuffer.allocateDirect(0);
  private long tokensRun;
  private boolean closed;

  /**
   * @param model named in errors
   * @param cacheBlock bytes, as {@link ComputeDevice#cacheBlock}
   */
  DecoderSession(DecoderProgram program, DecoderConfig config, String model, int cacheBlock) {
    this.program = program;
    this.config = config;
    this.model = model;
    this.cacheBlock = cacheBlock;
  }

  TokenTree tree() {
    return tree;
  }

  /** Tokens run through the layers so far. */
  long tokensRun() {
    return tokensRun;
  }

  /** Runs those of the nodes, and of what precedes them, that have not been run. */
  void run(Collection<Node> ends) {
    requireOpen();
    List<Node> pending = new ArrayList<>();
    int done = 0;
    try {
      for (Node end : ends) {
        addPending(end, pending);
      }
      while (done < pending.size()) {
        int end = Math.min(done + RUN_BLOCK, pending.size());
        runBlock(pending.subList(done, end));
        done = end;
      }
    } finally {
      pending.subList(done, pending.size()).forEach(node -> node.slot = TokenTree.NOT_RUN);
    }
  }

  /** Gives slots to a node and its predecessors, predecessors first. */
  private void addPending(Node end, List<Node> pending) {
    int at = pending.size();
    for (Node node = end; !node.isRoot() && !node.hasRun(); node = node.parent()) {
      if (node.position >= config.positions()) {
        throw new IllegalStateException("position " + node.position + " is beyond " + model);
      }
      tree.assignSlot(node);
      pending.add(at, node);
    }
  }

  private void runBlock(List<Node> block) {
    AdapterSpans spans = AdapterSpans.of(block);
    List<Node> nodes = spans.nodes();
    int seen = tree.slotsInUse();
    IValue slots = cacheFor(seen);
    fillMask(nodes, seen);
    program.run(
        slots,
        longs(nodes, node -> node.token),
        longs(nodes, node -> node.position),
        longs(nodes, node -> node.slot),
        longs(nodes, node -> node.variant.frequencies()),
        mask,
        seen,
        spans);
    tokensRun += nodes.size();
  }

  /** A token sees itself and what its parent sees. */
  private void fillMask(List<Node> nodes, int seen) {
    int bytes = Math.multiplyExact(nodes.size(), seen);
    if (mask.capacity() < bytes) {
      mask = ByteBuffer.allocateDirect(Math.max(bytes, 2 * mask.capacity()));
    }
    mask.clear().limit(bytes);
    Map<Node, byte[]> rows = new HashMap<>();
    for (Node node : nodes) {
      byte[] above = rows.get(node.parent());
      byte[] row = above == null ? ancestors(node, seen) : above.clone();
      row[node.slot] = 1;
      rows.put(node, row);
      mask.put(row);
    }
    mask.flip();
  }

  private static byte[] ancestors(Node node, int seen) {
    byte[] row = new byte[seen];
    for (Node above = node.parent(); !above.isRoot(); above = above.parent()) {
      row[above.slot] = 1;
    }
    return row;
  }

  private IValue cacheFor(int slots) {
    if (cache == null) {
      cache = DecoderCache.open(program, cacheBlock);
    }
    return cache.withSlots(slots);
  }

  /** Fills in {@link Node#logProbability} of nodes that lack it; their parents have been run. */
  void scoreNodes(Collection<Node> nodes) {
    Map<Node, List<Node>> byParent = new LinkedHashMap<>();
    for (Node node : nodes) {
      if (Double.isNaN(node.logProbability)) {
        byParent.computeIfAbsent(node.parent(), parent -> new ArrayList<>()).add(node);
      }
    }
    Map<Integer, List<Node>> byHead = new LinkedHashMap<>();
    for (Node parent : byParent.keySet()) {
      byHead.computeIfAbsent(head(parent), head -> new ArrayList<>()).add(parent);
    }
    for (List<Node> parents : byHead.values()) {
      for (int from = 0; from < parents.size(); from += LOGIT_ROWS) {
        scoreBlock(parents.subList(from, Math.min(from + LOGIT_ROWS, parents.size())), byParent);
      }
    }
  }

  /** Which adapter's head makes the logits after a node; -1 for the model's own. */
  private int head(Node node) {
    return program.adapters().head(node.variant.adapter());
  }

  private void scoreBlock(List<Node> parents, Map<Node, List<Node>> byParent) {
    List<Node> labels = new ArrayList<>();
    List<Long> rows = new ArrayList<>();
    for (int row = 0; row < parents.size(); row++) {
      for (Node label : byParent.getOrDefault(parents.get(row), List.of())) {
        labels.add(label);
        rows.add((long) row);
      }
    }
    float[] nats =
        program.logProbabilities(
            openCache(),
            longs(parents, node -> node.slot),
            rows.stream().mapToLong(Long::longValue).toArray(),
            longs(labels, node -> node.token),
            head(parents.get(0)));
    for (int i = 0; i < nats.length; i++) {
      if (!Float.isFinite(nats[i])) {
        throw notFinite();
      }
      labels.get(i).logProbability = nats[i];
    }
  }

  /**
   * Draws one token after each node, which has been run; all are of one variant.
   *
   * @param after a node for each draw; the same node may stand several times
   * @param uniform a number from [0, 1) for each draw
   * @param steering added to the logits of the first tokens after each node, row by row, a node
   *     counted where it stands first; the other tokens are not drawn; empty for none
   * @param promptLength tokens of the prompt, which penalties do not count
   */
  List<DrawnToken> draw(
      List<Node> after,
      double[] uniform,
      SamplingParameters parameters,
      float[] steering,
      int promptLength) {
    Map<Node, Integer> rowOf = new LinkedHashMap<>();
    long[] rows = new long[after.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = rowOf.computeIfAbsent(after.get(i), node -> rowOf.size());
    }
    List<Node> distinct = List.copyOf(rowOf.keySet());
    long[] slots = longs(distinct, node -> node.slot);
    List<Penalty> penalties = Penalty.of(distinct, promptLength, parameters);
    int head = head(distinct.get(0));
    double[] drawn =
        program.draw(openCache(), slots, rows, uniform, parameters, steering, penalties, head);
    List<DrawnToken> tokens = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      if (drawn[i] < 0) {
        throw notFinite();
      }
      tokens.add(new DrawnToken((int) drawn[i], drawn[rows.length + i]));
    }
    return tokens;
  }

  /** Log-probabilities, in nats, of every label (or token) after a node that has been run. */
  float[] logSoftmax(Node node) {
    return finite(program.logSoftmax(openCache(), new long[] {node.slot}, head(node)));
  }

  /** Logits of every label (or token) after nodes of one variant that have been run, row by row. */
  float[] logits(List<Node> nodes) {
    long[] slots = longs(nodes, node -> node.slot);
    return finite(program.logits(openCache(), slots, head(nodes.get(0))));
  }

  private float[] finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw notFinite();
      }
    }
    return values;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this session of " + model + " is closed");
    }
  }

  private IValue openCache() {
    requireOpen();
    if (cache == null) {
      throw new IllegalStateException("nothing has been run in this session of " + model);
    }
    return cache.value();
  }

  private InvalidModelException notFinite() {
    return new InvalidModelException(
        "model "
            + model
            + ": logits are not finite; its weights are broken or overflow their type");
  }

  private static long[] longs(List<Node> nodes, ToLongFunction<Node> of) {
    return nodes.stream().mapToLong(of).toArray();
  }

  @Override
  public void close() {
    closed = true;
    if (cache != null) {
      cache.close();
      cache = null;
    }
  }
}
