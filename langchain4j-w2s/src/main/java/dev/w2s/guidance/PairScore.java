// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

/**
 * What a pair says of one response.
 *
 * @param tuned log-probability under the tuned model, nats
 * @param untuned log-probability under the untuned model, nats
 * @param tokens tokens that counted, an EOS token included
 */
public record PairScore(double tuned, double untuned, int tokens) {

  /** The log-ratio: tuned minus untuned, nats, not divided by the length. */
  public double logRatio() {
    return tuned - untuned;
  }
}
