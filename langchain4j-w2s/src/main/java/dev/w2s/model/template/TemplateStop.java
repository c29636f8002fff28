// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

/**
 * Ends a rendering at once. An error, since jinjava goes on after exceptions; it never leaves this
 * package.
 */
final class TemplateStop extends Error {
  private static final long serialVersionUID = 1L;

  TemplateStop(String message) {
    super(message);
  }
}
