// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

/**
 * A response so far.
 *
 * @param text the whole response, without the prompt
 * @param tokens length of the response in tokens of the large model, not negative
 * @param status whether, and why, the response is closed
 */
public record Candidate(String text, int tokens, Status status) {

  /** Whether a response can be continued and, if not, why. */
  public enum Status {
    /** The response may be continued. */
    OPEN,
    /** The large model ended the response: end-of-sequence token or stop string. */
    ENDED,
    /**
     * A token limit cut the response. The search sets this at {@link SearchSettings#maxTokens()}; a
     * sampler sets it only where the large model has a lower limit of its own. A cut response has
     * not ended, so no end-of-sequence token counts in its score.
     */
    CUT,
    /** The large model's positions (context length) ran out; set by the sampler. */
    POSITIONS
  }

  private static final Candidate EMPTY = new Candidate("", 0, Status.OPEN);

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if tokens is negative
   */
  public Candidate {
    requireNonNull(text, "text");
    requireNonNull(status, "status");
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens is " + tokens + ", must not be negative");
    }
  }

  /** The empty response, from which every search starts. */
  public static Candidate empty() {
    return EMPTY;
  }

  /** Whether the response may be continued. */
  public boolean isOpen() {
    return status == Status.OPEN;
  }

  /** Whether the large model itself ended the response. */
  public boolean ended() {
    return status == Status.ENDED;
  }
}
