// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

/** A text has more tokens than the model has positions. */
public class PositionLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param model the model's reference
   * @param what what is too long: "prompt", "prompt and response", ...
   * @param tokens its length in tokens
   * @param positions how many positions the model has
   */
  public PositionLimitException(String model, String what, int tokens, int positions) {
    super("%s has %d tokens; model %s has %d positions".formatted(what, tokens, model, positions));
  }

  /**
   * @param message says what is too long for which model
   * @param cause what the model's server says
   */
  public PositionLimitException(String message, Throwable cause) {
    super(message, cause);
  }
}
