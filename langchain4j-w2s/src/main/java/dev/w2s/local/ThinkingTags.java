// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.w2s.prompt.Rendered;

/**
 * The tags between which a local model writes its thinking, in front of its answer. Many chat
 * templates leave the opening tag to the model, some end the prompt with it.
 *
 * @param open where thinking begins, at the beginning of a response or the end of its prompt
 * @param close where it ends
 */
public record ThinkingTags(String open, String close) {
  /** Those that Qwen 3, DeepSeek R1, SmolLM3 and others were trained on. */
  public static final ThinkingTags THINK = new ThinkingTags("<think>", "</think>");

  /**
   * Checks the tags.
   *
   * @throws IllegalArgumentException if one is blank
   */
  public ThinkingTags {
    requireText("open", open);
    requireText("close", close);
  }

  private static void requireText(String name, String tag) {
    if (tag.isBlank()) {
      throw new IllegalArgumentException(
          "thinking tag " + name + " is '" + tag + "'; it must not be blank");
    }
  }

  /**
   * A response taken apart. Both grow with the response, and nothing is taken back.
   *
   * @param thinking without tags and the white space around it, empty if there is none
   * @param text the answer, without the white space behind the thinking
   */
  public record Parts(String thinking, String text) {}

  /** Whether a prompt ends within thinking. */
  boolean openedBy(Rendered prompt) {
    return prompt.text().stripTrailing().endsWith(open);
  }

  /**
   * Takes a response apart.
   *
   * @param response what has come of it
   * @param opened whether the prompt opened the thinking
   * @param whole whether nothing more comes; else what may be the beginning of a tag is held back
   */
  Parts split(String response, boolean opened, boolean whole) {
    String lead = response.stripLeading();
    if (opened) {
      return inside(response, whole);
    }
    if (lead.startsWith(open)) {
      return inside(lead.substring(open.length()), whole);
    }
    if (lead.startsWith(close)) { // some models close what they never opened
      return inside(lead, whole);
    }
    boolean undecided = !whole && (open.startsWith(lead) || close.startsWith(lead));
    return new Parts("", undecided ? "" : response);
  }

  private Parts inside(String inside, boolean whole) {
    int end = inside.indexOf(close);
    if (end >= 0) {
      return new Parts(
          inside.substring(0, end).strip(), inside.substring(end + close.length()).stripLeading());
    }
    int sure = whole ? inside.length() : inside.length() - beginningOfClose(inside);
    return new Parts(inside.substring(0, sure).strip(), "");
  }

  /** Length of the longest end of a text that the closing tag may go on from. */
  private int beginningOfClose(String inside) {
    for (int length = Math.min(close.length() - 1, inside.length()); length > 0; length--) {
      if (inside.endsWith(close.substring(0, length))) {
        return length;
      }
    }
    return 0;
  }
}
