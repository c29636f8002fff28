// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;

/**
 * Decides in one search what to draw and what to keep. It is asked and told in turns by {@link
 * Search}, which draws, cuts, merges, scores, meters and stops; a strategy touches neither port nor
 * clock. For one search and one thread.
 */
public interface SearchStrategy {

  /**
   * What to draw next.
   *
   * @return requests from {@link Hypothesis#root()} or from open hypotheses that it was told of, in
   *     any earlier round; none when the search is finished. Limits on the response's length need
   *     not be minded: what is asked beyond them is not drawn
   */
  List<DrawRequest> ask();

  /**
   * What came of it.
   *
   * @param fresh at least one hypothesis, scored, those of a request together and in draw order.
   *     Equal draws come as one hypothesis that counts them, below the parent of the first. A draw
   *     that repeats a closed hypothesis which {@link #best} still holds comes as that hypothesis
   *     again, ahead of the others, with the number of these draws. Draws that failed and
   *     candidates that cannot be scored are missing
   */
  void tell(List<Hypothesis> fresh);

  /** The hypotheses it holds, best first; none before it was told of any. */
  List<Hypothesis> best();
}
