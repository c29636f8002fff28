// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.testkit.CompletionsWorld.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A chat server whose model answers everything with one text, in tokens that end anywhere, within a
 * character as well. So whatever is lost or doubled where an answer goes on can be seen.
 */
public final class ChatWorld {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Tokens of a conversation without the answer, and of what closes a turn and opens another. */
  private static final int CONVERSATION = 20;

  private static final int MARKERS = 5;

  /** What a server may do. */
  public enum Temperament {
    /** Goes on with an assistant's message at the end. */
    CONTINUES,
    /** Goes on, and repeats what it was given. */
    REPEATS,
    /** Goes on if {@code continue_final_message} is set, else begins a new answer. */
    CONTINUES_FINAL,
    /** Goes on if {@code prefix} is set, else begins a new answer. */
    CONTINUES_PREFIX,
    /** Answers 400 to {@code max_tokens}, as OpenAI's newer models do. */
    NEWER_LIMIT,
    /** Answers 200 and a page to whatever it does not know. */
    ANSWERS_EVERYTHING,
    /** Answers 400 to fields that OpenAI does not have. */
    REFUSES_FIELDS,
    /** Answers 400 to an assistant's message at the end. */
    REFUSES_PREFILL,
    /** The same, while it thinks. */
    THINKS,
    /** Trims what it is given. */
    TRIMS,
    /** Goes on if it is asked to in words, without a space in front. */
    OBEYS,
    /** The same, but says the last words again. */
    OVERLAPS,
    /** Says nothing of tokens. */
    NO_USAGE,
    /** Gives no reason why it stopped. */
    NO_REASON,
    /** Gives one choice whatever is asked for. */
    IGNORES_N,
    /** Answers 400 to more than one choice. */
    REFUSES_N,
    /** Renders conversations to tokens, as vLLM does. */
    TOKENIZES,
    /** Renders conversations to text, as llama.cpp does. */
    APPLIES_TEMPLATE
  }

  private final String text;
  private final List<Integer> ends = new ArrayList<>();
  private final Set<Temperament> temperaments = EnumSet.noneOf(Temperament.class);
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param text answer to everything
   * @param random where its tokens end
   */
  public ChatWorld(String text, Random random, Temperament... ways) {
    this.text = text;
    temperaments.addAll(List.of(ways));
    int bytes = text.getBytes(UTF_8).length;
    for (int end = 1 + random.nextInt(5); end < bytes; end += 1 + random.nextInt(5)) {
      ends.add(end);
    }
    ends.add(bytes);
  }

  /** What was asked so far: path, space, body. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private boolean does(Temperament way) {
    return temperaments.contains(way);
  }

  /** Answers a request. */
  public Answer answer(String path, String body) throws IOException {
    requests.add(path + " " + body);
    JsonNode request = JsonMapper.builder().build().readTree(body);
    return switch (path) {
      case "/v1/chat/completions" -> chat(request);
      case "/v1/completions" -> completions(request);
      case "/tokenize" -> does(Temperament.TOKENIZES) ? tokenized() : absent();
      case "/detokenize" ->
          does(Temperament.TOKENIZES) ? new Answer(200, "{\"prompt\": \"<user>\"}") : absent();
      case "/apply-template" ->
          does(Temperament.APPLIES_TEMPLATE)
              ? new Answer(200, "{\"prompt\": \"<user>\"}")
              : absent();
      default -> absent();
    };
  }

  private Answer absent() {
    return does(Temperament.ANSWERS_EVERYTHING)
        ? new Answer(200, "<!doctype html>")
        : new Answer(404, "{\"detail\": \"Not Found\"}");
  }

  private static Answer tokenized() {
    return new Answer(200, "{\"count\": 2, \"tokens\": [900001, 900002]}");
  }

  private Answer refusal(String message) {
    ObjectNode refusal = JSON.objectNode();
    refusal.putObject("error").put("message", message);
    return new Answer(400, refusal.toString());
  }

  private Answer chat(JsonNode request) {
    int n = request.path("n").asInt(1);
    if (does(Temperament.REFUSES_N) && n > 1) {
      return refusal("n must be 1");
    }
    if (does(Temperament.NEWER_LIMIT) && request.has("max_tokens")) {
      return refusal("'max_tokens' is not supported: use 'max_completion_tokens' instead.");
    }
    JsonNode messages = request.path("messages");
    JsonNode last = messages.path(messages.size() - 1);
    boolean begun = last.path("role").asText().equals("assistant");
    boolean fields = request.has("continue_final_message") || last.has("prefix");
    if (does(Temperament.REFUSES_FIELDS) && fields) {
      return refusal("Unrecognized request argument");
    }
    if (begun && does(Temperament.REFUSES_PREFILL)) {
      return refusal("Last message must have role user");
    }
    boolean off = !request.at("/chat_template_kwargs/enable_thinking").asBoolean(true);
    if (begun && does(Temperament.THINKS) && !off) {
      return refusal("Assistant response prefill is incompatible with enable_thinking.");
    }
    boolean goesOn =
        begun
            && (does(Temperament.CONTINUES)
                || does(Temperament.REPEATS)
                || (does(Temperament.CONTINUES_FINAL) && request.has("continue_final_message"))
                || (does(Temperament.CONTINUES_PREFIX) && last.path("prefix").asBoolean()));
    String given = last.path("content").asText();
    if (goesOn) {
      return answer(request, n, place(given), does(Temperament.REPEATS) ? given : "", true, given);
    }
    boolean told = !begun && messages.size() > 2;
    if (told && (does(Temperament.OBEYS) || does(Temperament.OVERLAPS))) {
      return obeyed(request, n, messages.path(messages.size() - 2).path("content").asText());
    }
    return answer(request, n, 0, "", !begun, begun ? given : "");
  }

  /** Goes on at a word, with no space in front. */
  private Answer obeyed(JsonNode request, int n, String given) {
    int place = place(given);
    while (place < text.length() && Character.isWhitespace(text.charAt(place))) {
      place++;
    }
    int from = does(Temperament.OVERLAPS) ? Math.max(0, given.length() - 8) : place;
    return answer(request, n, from, "", true, given);
  }

  /** Where the text goes on behind what was given. */
  private int place(String given) {
    String sent = does(Temperament.TRIMS) ? given.strip() : given;
    int at = text.indexOf(sent);
    if (at < 0) {
      throw new IllegalArgumentException("'" + given + "' is no part of '" + text + "'");
    }
    return at + sent.length();
  }

  private Answer answer(
      JsonNode request, int n, int from, String before, boolean open, String given) {
    ArrayNode choices = JSON.arrayNode();
    int each = does(Temperament.IGNORES_N) ? 1 : n;
    int limit = request.path("max_completion_tokens").asInt(Integer.MAX_VALUE);
    Piece piece = piece(from, request.path("max_tokens").asInt(limit));
    for (int i = 0; i < each; i++) {
      ObjectNode choice = choices.addObject().put("index", i);
      choice.put("finish_reason", does(Temperament.NO_REASON) ? null : piece.finish());
      choice.putObject("message").put("role", "assistant").put("content", before + piece.text());
    }
    int tokens = tokens(0, given.getBytes(UTF_8).length);
    int prompt = CONVERSATION + tokens + (open ? 0 : MARKERS);
    return body(choices, prompt, each * piece.tokens());
  }

  private Answer body(ArrayNode choices, int prompt, int completion) {
    ObjectNode answer = JSON.objectNode();
    answer.set("choices", choices);
    if (!does(Temperament.NO_USAGE)) {
      answer.putObject("usage").put("prompt_tokens", prompt).put("completion_tokens", completion);
    }
    return new Answer(200, answer.toString());
  }

  /** Tokens between two places, in bytes. */
  private int tokens(int from, int to) {
    int inside = (int) ends.stream().filter(end -> end > from && end < to).count();
    return to > from ? inside + 1 : 0;
  }

  /** What is drawn at once. */
  private record Piece(String text, int tokens, boolean ended) {
    String finish() {
      return ended ? "stop" : "length";
    }
  }

  private Piece piece(int place, int most) {
    int from = text.substring(0, place).getBytes(UTF_8).length;
    return piece(from, ends.stream().filter(end -> end > from).toList(), most);
  }

  private Piece piece(int from, List<Integer> next, int most) {
    byte[] bytes = text.getBytes(UTF_8);
    boolean ended = next.size() < most;
    int to = ended ? bytes.length : next.get(most - 1);
    return new Piece(
        new String(bytes, from, to - from, UTF_8), ended ? next.size() + 1 : most, ended);
  }

  /** Tokens of the text are their ends, in bytes; those of the conversation are two beyond. */
  private Answer completions(JsonNode request) {
    ArrayNode choices = JSON.arrayNode();
    JsonNode prompt = request.path("prompt");
    boolean several = prompt.isArray() && !prompt.get(0).isInt();
    List<JsonNode> prompts = new ArrayList<>();
    (several ? prompt : JSON.arrayNode().add(prompt)).forEach(prompts::add);
    int most = request.path("max_tokens").asInt(16);
    for (JsonNode one : prompts) {
      int from =
          one.isTextual()
              ? place(one.asText().substring("<user>".length()), true)
              : one.size() == 2 ? 0 : one.get(one.size() - 1).intValue();
      List<Integer> next = ends.stream().filter(end -> end > from).toList();
      Piece piece = piece(from, next, most);
      for (int i = 0; i < request.path("n").asInt(1); i++) {
        ObjectNode choice = choices.addObject();
        choice.put("index", choices.size() - 1).put("text", piece.text());
        choice.put("finish_reason", piece.finish());
        if (does(Temperament.TOKENIZES) && request.has("return_token_ids")) {
          ArrayNode ids = choice.putArray("token_ids");
          next.stream().limit(most).forEach(ids::add);
        }
      }
    }
    return body(choices, CONVERSATION, choices.size());
  }

  private int place(String given, boolean bytes) {
    int at = place(given);
    return bytes ? text.substring(0, at).getBytes(UTF_8).length : at;
  }
}
