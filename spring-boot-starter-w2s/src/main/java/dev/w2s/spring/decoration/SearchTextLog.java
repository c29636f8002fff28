// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what each round keeps, with its score.
 *
 * @param bean the model that answers
 */
public record SearchTextLog(String bean) implements SearchListener {
  private static final Logger LOG = LoggerFactory.getLogger(SearchTextLog.class);

  /** Says what this logs. */
  public static void warn() {
    LOG.warn(
        "langchain4j.w2s.log-texts is true: the texts of answers are written to this log; they may be"
            + " confidential");
  }

  @Override
  public void onRound(Round round) {
    for (Hypothesis kept : round.kept()) {
      LOG.info("{}, round {}: {} {}", bean, round.number(), kept.score(), kept.candidate().text());
    }
  }
}
