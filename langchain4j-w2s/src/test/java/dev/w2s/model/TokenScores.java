// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import java.util.Arrays;
import java.util.List;

/** Log-probabilities of given token ids, past the tokenizer. */
final class TokenScores {
  private TokenScores() {}

  /** Nats of every token after the first, by a session of their own. */
  static List<Double> of(LoadedModel decoder, TokenIds tokens) {
    double[] nats = decoder.logProbabilities(List.of(tokens)).get(0);
    return Arrays.stream(nats).skip(1).boxed().toList();
  }

  /** The same in a session that may hold some of the tokens; on the inference thread. */
  static List<Double> of(DecoderSession session, TokenIds tokens) {
    List<Node> path = session.tree().path(tokens);
    List<Node> scored = path.subList(1, path.size());
    session.run(scored.stream().map(Node::parent).toList());
    session.scoreNodes(scored);
    return scored.stream().map(node -> node.logProbability).toList();
  }
}
