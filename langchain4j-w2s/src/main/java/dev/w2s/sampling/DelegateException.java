// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.exception.NonRetriableException;

/** The large model answered with nothing that can be searched: null, or empty text. */
public class DelegateException extends NonRetriableException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message names the model's class and what it returned
   */
  public DelegateException(String message) {
    super(message);
  }
}
