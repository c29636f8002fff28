// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

/** How text looks where there are colours. */
public enum Style {
  /** As it is. */
  PLAIN(""),
  /** An answer that is steered. */
  GUIDED("32"),
  /** What is told beside the conversation. */
  DIM("2"),
  /** What stands out. */
  BOLD("1"),
  /** What went wrong. */
  ERROR("31");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** Around a text; nothing without colours. */
  String on(String text, boolean coloured) {
    return coloured && !code.isEmpty() && !text.isEmpty()
        ? "\u001b[" + code + "m" + text + "\u001b[0m"
        : text;
  }
}
