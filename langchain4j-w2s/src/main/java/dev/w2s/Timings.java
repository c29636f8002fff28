// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import java.time.Duration;

/** Adds up where the time of one search goes. */
final class Timings implements SearchListener {
  private Duration sampling = Duration.ZERO;
  private Duration scoring = Duration.ZERO;

  @Override
  public void onRound(Round round) {
    sampling = sampling.plus(round.sampling());
    scoring = scoring.plus(round.scoring());
  }

  Duration sampling() {
    return sampling;
  }

  Duration scoring() {
    return scoring;
  }
}
