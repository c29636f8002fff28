// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.langchain4j.data.message.AiMessage;
import dev.w2s.local.ThinkingTags.Parts;
import dev.w2s.prompt.Rendered;
import org.jspecify.annotations.Nullable;

/**
 * How the responses to one prompt are taken apart into thinking and answer.
 *
 * @param tags null where all is the answer
 * @param opened whether the prompt opened the thinking
 */
public record Thinking(@Nullable ThinkingTags tags, boolean opened) {

  static Thinking after(Rendered prompt, @Nullable ThinkingTags tags) {
    return new Thinking(tags, tags != null && tags.openedBy(prompt));
  }

  /** What is sure of a response that goes on. */
  public Parts soFar(String response) {
    return split(response, false);
  }

  /** A response that has ended. */
  public Parts whole(String response) {
    return split(response, true);
  }

  private Parts split(String response, boolean whole) {
    return tags == null ? new Parts("", response) : tags.split(response, opened, whole);
  }

  /** A response that has ended, as LangChain4j's message. */
  public AiMessage message(String response) {
    Parts parts = whole(response);
    return AiMessage.builder()
        .text(parts.text())
        .thinking(parts.thinking().isEmpty() ? null : parts.thinking())
        .build();
  }
}
