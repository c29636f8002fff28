// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

/** A command is not understood, and has changed nothing; the message is the rule. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String rule) {
    super(rule);
  }
}
