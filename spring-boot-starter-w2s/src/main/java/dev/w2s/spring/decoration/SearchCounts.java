// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.Usage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what searches have cost since the start; an application need have no metrics for it. */
public final class SearchCounts implements SearchListener {
  private final LongAdder searches = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder rounds = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final LongAdder sampledTokens = new LongAdder();
  private final LongAdder scoredTokens = new LongAdder();

  @Override
  public SearchListener begin() {
    searches.increment();
    return this;
  }

  @Override
  public void onRound(Round round) {
    rounds.increment();
    Usage spent = round.spent();
    calls.add(spent.calls());
    sampledTokens.add(spent.sampledTokens());
    scoredTokens.add(spent.scoredTokens());
  }

  @Override
  public void onEnd(SearchResult result) {
    if (result.failure() != null) {
      failures.increment();
    }
  }

  @Override
  public void onFailure(Throwable failure) {
    failures.increment();
  }

  /** The counts by name. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("searches", searches.sum());
    counts.put("failures", failures.sum());
    counts.put("rounds", rounds.sum());
    counts.put("calls", calls.sum());
    counts.put("sampledTokens", sampledTokens.sum());
    counts.put("scoredTokens", scoredTokens.sum());
    return counts;
  }
}
