// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Prompt.Conversation;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chat template: shows a conversation as {@code apply_chat_template} of Hugging Face transformers
 * does. A last turn of the assistant is left open ({@code continue_final_message}); otherwise the
 * assistant's is begun ({@code add_generation_prompt}). The template writes the special tokens.
 *
 * <p>It is read before it shows its first conversation, or when {@link #read} is called: the engine
 * takes a tenth of a second to start, and who shows raw text alone has no use for it.
 */
public final class ChatTemplate implements PromptFormat {
  private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG";

  /** Largest template, in characters; the longest of known models have some ten thousand. */
  static final int MAX_SOURCE = 1 << 18;

  private final String source;
  private final String origin;
  private final Map<String, Object> variables;
  private volatile boolean isRead;

  /**
   * Copies the variables.
   *
   * @param source in Jinja
   * @param origin names the template in errors
   * @param variables what it reads beside the conversation: special tokens, switches, tools
   * @throws IllegalArgumentException if the template is too long; the message names the origin
   */
  public ChatTemplate(String source, String origin, Map<String, Object> variables) {
    if (source.length() > MAX_SOURCE) {
      throw new IllegalArgumentException(
          "%s has %d characters; it must have at most %d"
              .formatted(origin, source.length(), MAX_SOURCE));
    }
    this.source = source;
    this.origin = origin;
    this.variables = Map.copyOf(variables);
  }

  /**
   * Reads the template, unless it has been.
   *
   * @return this one
   * @throws IllegalArgumentException if it is no Jinja; the message names the origin
   */
  public ChatTemplate read() {
    if (!isRead) {
      TemplateEngine.check(source, origin);
      isRead = true;
    }
    return this;
  }

  /** Equal where the same is shown; the origin does not count. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChatTemplate that
        && source.equals(that.source)
        && variables.equals(that.variables);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, variables);
  }

  /**
   * Renders a conversation.
   *
   * @throws IllegalArgumentException if the prompt is raw text, or the template is no Jinja, raises
   *     an exception, goes beyond a limit, or uses what is not supported
   */
  @Override
  public Rendered render(Prompt prompt) {
    if (!(prompt instanceof Conversation conversation)) {
      throw new IllegalArgumentException(
          "the prompt is raw text; a chat template shows conversations");
    }
    List<Map<String, Object>> messages = messages(conversation);
    Map<String, Object> bindings = bindings(messages, !conversation.isOpen());
    String text = conversation.isOpen() ? leftOpen(bindings, messages) : show(bindings);
    return new Rendered(text, /* specialTokens= */ false);
  }

  /**
   * Renders a conversation in which nothing is left to be said: every turn is closed, the
   * assistant's last one, too.
   *
   * @throws IllegalArgumentException as {@link #render}
   */
  public Rendered renderEnded(Conversation conversation) {
    String text = show(bindings(messages(conversation), /* addGenerationPrompt= */ false));
    return new Rendered(text, /* specialTokens= */ false);
  }

  private Map<String, Object> bindings(
      List<Map<String, Object>> messages, boolean addGenerationPrompt) {
    Map<String, Object> bindings = new HashMap<>(variables);
    bindings.put("add_generation_prompt", addGenerationPrompt);
    bindings.put("messages", messages);
    return bindings;
  }

  private static List<Map<String, Object>> messages(Conversation conversation) {
    List<Map<String, Object>> messages = new ArrayList<>();
    conversation.turns().forEach(turn -> messages.add(message(turn)));
    return messages;
  }

  private String show(Map<String, Object> bindings) {
    read();
    return TemplateEngine.render(source, origin, bindings);
  }

  private static Map<String, Object> message(Turn turn) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", turn.role());
    message.put("content", turn.content());
    message.putAll(turn.fields());
    return message;
  }

  /**
   * Shows a conversation up to the end of its last message. As transformers does it: a mark is
   * added to the message, and the text is cut before the mark.
   */
  private String leftOpen(Map<String, Object> bindings, List<Map<String, Object>> messages) {
    Map<String, Object> last = messages.get(messages.size() - 1);
    String message = String.valueOf(last.get("content"));
    last.put("content", message + MARK + " ");
    String text = show(bindings);
    int at = text.lastIndexOf(MARK);
    if (at < 0 || !text.contains(message.strip())) {
      throw new IllegalArgumentException(
          "the last message is the assistant's, to be continued, but %s does not show it as it is"
              .formatted(origin));
    }
    String kept = text.substring(0, at);
    // A template that takes the space behind the mark trims what it shows.
    return text.startsWith(" ", at + MARK.length()) ? kept : kept.stripTrailing();
  }
}
