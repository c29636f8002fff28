// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import dev.langchain4j.exception.LangChain4jException;

/** A server refused a request, could not be reached, or answered with what cannot be read. */
public class ServerException extends LangChain4jException {
  private static final long serialVersionUID = 1L;

  /** As status: there was no answer that could be read. */
  public static final int NO_ANSWER = 0;

  private final int status;

  /**
   * @param message names the address, and what the server says
   * @param status of HTTP, or {@link #NO_ANSWER}
   */
  public ServerException(String message, int status) {
    super(message);
    this.status = status;
  }

  /**
   * @param message names the address
   * @param cause why there was no answer
   */
  public ServerException(String message, Throwable cause) {
    super(message, cause);
    status = NO_ANSWER;
  }

  /** The status of HTTP, or {@link #NO_ANSWER}. */
  public int status() {
    return status;
  }
}
