// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.calls.Refusals;
import dev.w2s.server.ChatCompletions;
import dev.w2s.server.ChatCompletions.Request;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.DrawOptions;
import dev.w2s.server.ServerException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A conversation with a server's chat endpoint.
 *
 * @param conversation what is to be answered
 * @param thinkingIsOff whether the server has been seen to refuse a begun answer unless thinking is
 *     switched off; shared by all conversations with it
 */
public record ServerChat(
    ChatCompletions completions,
    Prompt.Conversation conversation,
    DrawOptions options,
    AtomicBoolean thinkingIsOff)
    implements ChatEndpoint {

  /** What llama.cpp says of a begun answer where the model would think first. */
  private static final String INCOMPATIBLE = "enable_thinking";

  @Override
  public List<Continuation> ways() {
    return List.of(
        Continuation.PREFILL,
        Continuation.CONTINUE_FINAL,
        Continuation.PREFIX,
        Continuation.INSTRUCTION,
        Continuation.WHOLE);
  }

  @Override
  public Answer answer(Ask ask) {
    boolean off = thinkingIsOff.get();
    try {
      return completions.complete(request(ask));
    } catch (ServerException e) {
      if (off || !Refusals.isRefusal(e) || !String.valueOf(e.getMessage()).contains(INCOMPATIBLE)) {
        throw e;
      }
      thinkingIsOff.set(true);
      return completions.complete(request(ask));
    }
  }

  private Request request(Ask ask) {
    Prompt.Conversation asked =
        ask.given().isEmpty() ? conversation : Instruction.of(conversation, ask.given(), ask.way());
    ArrayNode messages = Messages.json(asked);
    ObjectNode more = instance.objectNode();
    boolean begun = asked.isOpen();
    if (begun && ask.way() == Continuation.CONTINUE_FINAL) {
      more.put("continue_final_message", true).put("add_generation_prompt", false);
    }
    if (begun && ask.way() == Continuation.PREFIX) {
      ((ObjectNode) messages.get(messages.size() - 1)).put("prefix", true);
    }
    if (thinkingIsOff.get()) {
      more.putObject("chat_template_kwargs").put("enable_thinking", false);
    }
    return new Request(messages, ask.draws(), ask.maxTokens(), options, ask.seed(), more);
  }
}
