// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import dev.langchain4j.exception.LangChain4jException;
import org.jspecify.annotations.Nullable;

/** A guide or a local model is not there: it failed to load, or has not been loaded yet. */
public final class NotReadyException extends LangChain4jException {
  private static final long serialVersionUID = 1L;

  private final String property;

  NotReadyException(String property, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.property = property;
  }

  /** What it was configured by. */
  public String property() {
    return property;
  }
}
