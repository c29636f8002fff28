// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response so far, as a sampler draws it.
 *
 * @param text the response without the prompt; a response that goes on begins with it
 * @param heldBack what was drawn after {@code text} and a stop string may still cut; part of the
 *     response once it is cut or left open for good, empty where nothing is held back
 * @param tokens length of the response in tokens of the large model, not negative
 * @param status whether, and why, the response is closed
 * @param logProbability nats of its tokens under the large model, an end-of-sequence token
 *     included, before temperature and cut-offs; NaN where the sampler does not know
 * @param handle the sampler's own: token ids, a message. It comes back when the response is to be
 *     continued; the search carries it and never looks at it
 */
public record Candidate(
    String text,
    String heldBack,
    int tokens,
    Status status,
    double logProbability,
    @Nullable Object handle) {

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
    OUT_OF_POSITIONS
  }

  private static final Candidate EMPTY =
      new Candidate("", "", 0, Status.OPEN, /* logProbability= */ 0, null);

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if tokens is negative, or a closed response holds text back
   */
  public Candidate {
    requireNonNull(text, "text");
    requireNonNull(status, "status");
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens is " + tokens + ", must not be negative");
    }
    if (status != Status.OPEN && !heldBack.isEmpty()) {
      throw new IllegalArgumentException(
          "heldBack is '" + heldBack + "', must be empty in a response that is " + status);
    }
  }

  /** A response whose likelihood is not known. */
  public Candidate(
      String text, String heldBack, int tokens, Status status, @Nullable Object handle) {
    this(text, heldBack, tokens, status, Double.NaN, handle);
  }

  /** A response that holds nothing back, of a sampler that knows responses by their text. */
  public Candidate(String text, int tokens, Status status) {
    this(text, "", tokens, status, null);
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

  /** All of the response, what is held back included. */
  public String wholeText() {
    return text + heldBack;
  }

  /** This response, cut at a token limit. */
  Candidate cut() {
    return new Candidate(wholeText(), "", tokens, Status.CUT, logProbability, handle);
  }

  /** This response as it is returned when nobody will continue it: nothing is held back. */
  Candidate released() {
    return heldBack.isEmpty()
        ? this
        : new Candidate(wholeText(), "", tokens, status, logProbability, handle);
  }

  /**
   * Equal but for the handle and the log-probability, which is rounded in its own way each time.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Candidate that
        && text.equals(that.text)
        && heldBack.equals(that.heldBack)
        && tokens == that.tokens
        && status == that.status;
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, heldBack, tokens, status);
  }
}
