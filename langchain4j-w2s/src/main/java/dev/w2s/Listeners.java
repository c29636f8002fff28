// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several listeners of one search. What one throws is logged and ignored, as LangChain4j does with
 * its listeners, since the round is paid for.
 *
 * @param all in the order in which they are told
 */
record Listeners(List<SearchListener> all) implements SearchListener {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  @Override
  public SearchListener begin() {
    List<SearchListener> begun = new ArrayList<>();
    tell("at the beginning", listener -> begun.add(listener.begin()));
    return new Listeners(begun);
  }

  @Override
  public void onRound(Round round) {
    tell("in round " + round.number(), listener -> listener.onRound(round));
  }

  @Override
  public void onEnd(SearchResult result) {
    tell("at the end", listener -> listener.onEnd(result));
  }

  @Override
  public void onFailure(Throwable failure) {
    tell("at a failure", listener -> listener.onFailure(failure));
  }

  private void tell(String when, Consumer<SearchListener> what) {
    for (SearchListener listener : all) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        LOG.warn("a listener failed {} and is ignored", when, e);
      }
    }
  }
}
