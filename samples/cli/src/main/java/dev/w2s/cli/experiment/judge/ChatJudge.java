// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.cli.experiment.method.Answer;
import dev.w2s.cli.io.CommandException;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A chat model that is asked for a number from 1 to 10. A reply without exactly one number is
 * answered by a reminder, once; then the response has no reward.
 *
 * @param model asked for one short answer each time
 * @param question what the number is to tell
 */
record ChatJudge(ChatModel model, String question) implements Judge {
  private static final double LOWEST = 1;
  private static final double HIGHEST = 10;
  private static final Pattern NUMBER =
      Pattern.compile("(-?\\d+(?:\\.\\d+)?)(?:\\s*(?:/|out of)\\s*10\\b)?");
  private static final String THINKING = "<think>";
  private static final String THOUGHT = "</think>";
  private static final String FORM =
      "Reply with one number from 1 (worst) to 10 (best) and nothing else.";

  @Override
  public double reward(Prompt prompt, Answer answer) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(UserMessage.from(asked(prompt, answer)));
    String reply = reply(messages);
    OptionalDouble number = number(reply);
    if (number.isEmpty()) {
      messages.add(AiMessage.from(reply));
      messages.add(UserMessage.from(FORM));
      reply = reply(messages);
      number = number(reply);
    }
    String last = reply;
    return number.orElseThrow(
        () ->
            new CommandException(
                "the judge replied '%s'; it must reply with one number from 1 to 10"
                    .formatted(last)));
  }

  private String reply(List<ChatMessage> messages) {
    String text = model.chat(messages).aiMessage().text();
    return text == null ? "" : text.strip();
  }

  private String asked(Prompt prompt, Answer answer) {
    return """
    You judge the response of a language model.

    <prompt>
    %s
    </prompt>

    <response>
    %s
    </response>

    %s %s"""
        .formatted(shown(prompt), answer.text(), question, FORM);
  }

  private static String shown(Prompt prompt) {
    return prompt instanceof Prompt.Conversation talk
        ? talk.turns().stream().map(ChatJudge::shown).collect(Collectors.joining("\n\n"))
        : ((Prompt.Text) prompt).text();
  }

  private static String shown(Turn turn) {
    return turn.role() + ": " + turn.content();
  }

  /**
   * The one number of a reply; empty if there is none, more than one, or one out of range. What a
   * model thinks before it replies does not count.
   */
  static OptionalDouble number(String reply) {
    Matcher matcher = NUMBER.matcher(withoutThinking(reply));
    if (!matcher.find()) {
      return OptionalDouble.empty();
    }
    double number = Double.parseDouble(matcher.group(1));
    return matcher.find() || number < LOWEST || number > HIGHEST
        ? OptionalDouble.empty()
        : OptionalDouble.of(number);
  }

  /** Nothing where the thinking did not end; its beginning may stand in the prompt. */
  private static String withoutThinking(String reply) {
    int end = reply.lastIndexOf(THOUGHT);
    if (end >= 0) {
      return reply.substring(end + THOUGHT.length());
    }
    return reply.startsWith(THINKING) ? "" : reply;
  }
}
