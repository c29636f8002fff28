// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

/**
 * What one round cost.
 *
 * @param round its number, from 1
 * @param tokens of the longest response after it
 * @param sampling seconds of sampling
 * @param scoring what its scoring cost
 */
record RoundCost(int round, int tokens, double sampling, Scoring scoring) {
  private static final int ROWS = 10;

  /**
   * The same candidates scored in several ways.
   *
   * @param cached seconds with the cache of earlier rounds
   * @param shared seconds in a new session for the round; NaN where not measured
   * @param afresh seconds in a new session for each candidate; NaN where not measured
   * @param difference largest difference of scores between cached and afresh, nats
   */
  record Scoring(double cached, double shared, double afresh, double difference) {}

  /** Whether a round is one of about ten that are shown. */
  static boolean shown(int round, int rounds) {
    int every = Math.max(1, rounds / ROWS);
    boolean regular = round % every == 0 && rounds - round >= every / 2;
    return round == 1 || round == rounds || regular;
  }

  static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
