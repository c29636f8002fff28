// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is taken from a logit because the response holds the token already, as OpenAI and vLLM
 * define it: the frequency penalty as often as the token is there, and the presence penalty once.
 *
 * @param row which row of logits
 * @param token which token of the row
 * @param value how much
 */
record Penalty(long row, long token, double value) {

  /**
   * The penalties of responses; none where the parameters have none.
   *
   * @param ends the last token of each response, one for each row
   * @param promptLength tokens before each response, which do not count
   */
  static List<Penalty> of(List<Node> ends, int promptLength, SamplingParameters parameters) {
    List<Penalty> penalties = new ArrayList<>();
    if (parameters.hasPenalty()) {
      for (int row = 0; row < ends.size(); row++) {
        for (Map.Entry<Integer, Integer> count : counts(ends.get(row), promptLength).entrySet()) {
          double value =
              parameters.presencePenalty() + count.getValue() * parameters.frequencyPenalty();
          penalties.add(new Penalty(row, count.getKey(), value));
        }
      }
    }
    return penalties;
  }

  private static Map<Integer, Integer> counts(Node end, int promptLength) {
    Map<Integer, Integer> counts = new TreeMap<>();
    end.tokensFrom(promptLength).stream().forEach(token -> counts.merge(token, 1, Integer::sum));
    return counts;
  }
}
