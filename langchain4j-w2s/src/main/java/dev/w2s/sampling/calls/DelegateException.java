// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.langchain4j.exception.NonRetriableException;
import org.jspecify.annotations.Nullable;

/** The large model answered with nothing that can be searched: null, or empty text. */
public class DelegateException extends NonRetriableException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message names the model's class and what it returned
   */
  public DelegateException(String message) {
    super(message);
  }

  /**
   * @param message says what happened
   * @param cause a failure that is no {@code RuntimeException}
   */
  public DelegateException(String message, Throwable cause) {
    super(message, cause);
  }

  public static <T> T requireResponse(@Nullable T response, Object model) {
    if (response == null) {
      throw new DelegateException(model.getClass().getName() + " returned null, not a response");
    }
    return response;
  }
}
