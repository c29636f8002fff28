// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import java.util.List;

/** Log-probabilities of given token ids, past the tokenizer. */
final class TokenScores {
  private TokenScores() {}

  /** Nats of every token after the first, by a session of their own. */
  static List<Double> of(LoadedModel decoder, TokenIds tokens) {
    return decoder.call(
        () -> {
          try (DecoderSession session = decoder.newSession()) {
            return of(session, tokens);
          }
        });
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
