// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template's text as jinjava reads it. Jinja2's whitespace rules, with the settings of
 * transformers, are applied here, since jinjava's differ: {@code trim_blocks} takes the line break
 * behind a block, {@code lstrip_blocks} the indent in front of one that stands first in its line,
 * and a minus all whitespace on its side. One line break at the end of the template does not count.
 */
final class SourceText {
  /** How jinjava's own variables begin, which lead into Java. */
  private static final String INNER = "____";

  private static final Pattern RAW_END = Pattern.compile("\\{%[-+]?\\s*endraw\\s*[-+]?%}");

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int at;

  /** Where in the output the text since the last tag begins. */
  private int data;

  /** Whether a line begins where that text begins. */
  private boolean lineStarts = true;

  private SourceText(String text) {
    this.text = text;
  }

  /**
   * The text for jinjava.
   *
   * @throws IllegalArgumentException if it uses names that are jinjava's own, or a tag does not end
   */
  static String prepare(String source) {
    if (source.contains(INNER)) {
      throw new IllegalArgumentException("names that begin with " + INNER + " are not allowed");
    }
    String lines = source.replace("\r\n", "\n").replace('\r', '\n');
    return new SourceText(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines)
        .rewrite();
  }

  private String rewrite() {
    while (at < text.length()) {
      if (text.startsWith("{{", at)) {
        tag("}}");
      } else if (text.startsWith("{%", at)) {
        tag("%}");
      } else if (text.startsWith("{#", at)) {
        tag("#}");
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.toString();
  }

  private void tag(String end) {
    String begin = text.substring(at, at + 2);
    boolean block = !begin.equals("{{");
    int to =
        begin.equals("{#") ? text.indexOf("#}", at + 2) : ExpressionText.end(text, at + 2, end);
    if (to < 0) {
      throw new IllegalArgumentException(
          "a tag that begins with '%s' does not end"
              .formatted(text.substring(at, Math.min(at + 20, text.length()))));
    }
    String inner = text.substring(at + 2, to);
    stripBefore(inner, block);
    inner = inner.replaceFirst("^[-+]", "");
    String whole = inner;
    inner = inner.replaceFirst("[-+]$", "");
    at = to + 2;
    if (!begin.equals("{#")) {
      out.append(begin).append(' ').append(ExpressionText.rewrite(inner)).append(' ').append(end);
    }
    boolean raw = begin.equals("{%") && inner.strip().equals("raw");
    stripBehind(whole, block && !raw);
    data = out.length();
    if (raw) {
      copyRaw();
    }
  }

  private void stripBefore(String inner, boolean block) {
    int length = out.length();
    if (inner.startsWith("-")) {
      while (length > data && Character.isWhitespace(out.charAt(length - 1))) {
        length--;
      }
    } else if (block && !inner.startsWith("+")) {
      while (length > data && isIndent(out.charAt(length - 1))) {
        length--;
      }
      boolean first = length > data ? out.charAt(length - 1) == '\n' : lineStarts;
      length = first ? length : out.length();
    }
    out.setLength(length);
  }

  private static boolean isIndent(char c) {
    return c == ' ' || c == '\t';
  }

  private void stripBehind(String inner, boolean block) {
    int from = at;
    if (inner.endsWith("-")) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    } else if (block && !inner.endsWith("+") && text.startsWith("\n", at)) {
      at++;
    }
    lineStarts = at > from && text.charAt(at - 1) == '\n';
  }

  private void copyRaw() {
    Matcher end = RAW_END.matcher(text);
    if (end.find(at)) {
      out.append(text, at, end.start());
      at = end.start();
    }
  }
}
