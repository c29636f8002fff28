// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;

/**
 * A pair that is loaded later than what it guides is built.
 *
 * @param loader gives it to calls
 * @param pair what it will be
 */
record LatePair(Loader loader, Loadable<Pair> pair) implements Pair {

  @Override
  public PairSession openSession(Prompt prompt) {
    return loader.get(pair).openSession(prompt);
  }

  @Override
  public ModelTokenizer tokenizer() {
    return loader.get(pair).tokenizer();
  }

  /** The loader closes what it has loaded. */
  @Override
  public void close() {}
}
