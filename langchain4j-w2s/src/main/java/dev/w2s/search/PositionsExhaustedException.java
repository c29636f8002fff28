// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/**
 * A model's positions (context length) do not suffice for a response. Thrown by a scorer that can
 * score none of a round's candidates, it ends the search with the best response so far and {@link
 * StopReason#OUT_OF_POSITIONS}.
 */
public class PositionsExhaustedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the model, the tokens needed and the positions it has
   */
  public PositionsExhaustedException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message names the model, the tokens needed and the positions it has
   * @param cause the error below it
   */
  public PositionsExhaustedException(String message, Throwable cause) {
    super(message, cause);
  }
}
