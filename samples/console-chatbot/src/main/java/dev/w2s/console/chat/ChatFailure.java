// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

/** There is no answer; the message says why, and what to do about it. */
public final class ChatFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChatFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
