// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.gateway.answers.Piece;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How one answer is written, whole or in pieces. An answer has one id, and the same head on each of
 * its pieces.
 */
abstract class Wire {
  private final String id;
  private final String object;
  private final String pieceObject;
  private final String model;
  private final long created = Clock.systemUTC().instant().getEpochSecond();

  Wire(String idPrefix, String object, String pieceObject, String model) {
    this.id = idPrefix + UUID.randomUUID().toString().replace("-", "");
    this.object = object;
    this.pieceObject = pieceObject;
    this.model = model;
  }

  /** The first piece of a choice, which says who speaks; null where that is not said. */
  abstract @Nullable ObjectNode first(int index);

  /** A choice with more of its text. */
  abstract ObjectNode more(int index, Piece piece);

  /** A choice that has ended. */
  abstract ObjectNode last(int index, Piece.End end);

  /** A choice, whole. */
  abstract ObjectNode whole(int index, String text, String thinking, Piece.End end);

  /** A piece with one choice. */
  final ObjectNode piece(ObjectNode choice) {
    ObjectNode piece = head(pieceObject);
    piece.putArray("choices").add(choice);
    return piece;
  }

  /** The piece behind all others, which has no choice. */
  final ObjectNode usagePiece(TokenUsage usage) {
    ObjectNode piece = head(pieceObject);
    piece.putArray("choices");
    return piece.set("usage", usage(usage));
  }

  /** An answer without its choices. */
  final ObjectNode answer() {
    return head(object);
  }

  private ObjectNode head(String what) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", what)
        .put("created", created)
        .put("model", model);
  }

  static ObjectNode choice(int index) {
    return JsonNodeFactory.instance.objectNode().put("index", index);
  }

  /** What a search tells stands beside what OpenAI has. */
  static void addSearch(ObjectNode choice, Piece.End end) {
    JsonNode search = end.search();
    if (search != null && !search.isEmpty()) {
      choice.set("w2s", search);
    }
  }

  static ObjectNode usage(TokenUsage usage) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("prompt_tokens", count(usage.inputTokenCount()))
        .put("completion_tokens", count(usage.outputTokenCount()))
        .put("total_tokens", count(usage.totalTokenCount()));
  }

  private static int count(@Nullable Integer tokens) {
    return tokens == null ? 0 : tokens;
  }

  /** Of chats. */
  static final class Chat extends Wire {
    Chat(String model) {
      super("chatcmpl-", "chat.completion", "chat.completion.chunk", model);
    }

    private static ObjectNode delta(int index, @Nullable String field, String text) {
      ObjectNode choice = choice(index);
      ObjectNode delta = choice.putObject("delta");
      if (field != null) {
        delta.put(field, text);
      }
      return choice.putNull("logprobs").putNull("finish_reason");
    }

    @Override
    ObjectNode first(int index) {
      ObjectNode choice = delta(index, "role", "assistant");
      ((ObjectNode) choice.get("delta")).put("content", "");
      return choice;
    }

    @Override
    ObjectNode more(int index, Piece piece) {
      return piece instanceof Piece.Thinking thinking
          ? delta(index, "reasoning_content", thinking.text())
          : delta(index, "content", ((Piece.Text) piece).text());
    }

    @Override
    ObjectNode last(int index, Piece.End end) {
      ObjectNode choice = delta(index, null, "").put("finish_reason", end.finishReason());
      addSearch(choice, end);
      return choice;
    }

    @Override
    ObjectNode whole(int index, String text, String thinking, Piece.End end) {
      ObjectNode choice = choice(index);
      ObjectNode message =
          choice.putObject("message").put("role", "assistant").put("content", text);
      message.putNull("refusal");
      if (!thinking.isEmpty()) {
        message.put("reasoning_content", thinking);
      }
      choice.putNull("logprobs").put("finish_reason", end.finishReason());
      addSearch(choice, end);
      return choice;
    }
  }

  /** Of completions. */
  static final class Text extends Wire {
    Text(String model) {
      super("cmpl-", "text_completion", "text_completion", model);
    }

    private static ObjectNode text(int index, String text) {
      return choice(index).put("text", text).putNull("logprobs").putNull("finish_reason");
    }

    @Override
    @Nullable ObjectNode first(int index) {
      return null;
    }

    @Override
    ObjectNode more(int index, Piece piece) {
      return text(index, ((Piece.Text) piece).text());
    }

    @Override
    ObjectNode last(int index, Piece.End end) {
      return whole(index, "", "", end);
    }

    @Override
    ObjectNode whole(int index, String text, String thinking, Piece.End end) {
      ObjectNode choice = text(index, text).put("finish_reason", end.finishReason());
      choice.set("logprobs", end.logprobs());
      addSearch(choice, end);
      return choice;
    }
  }
}
