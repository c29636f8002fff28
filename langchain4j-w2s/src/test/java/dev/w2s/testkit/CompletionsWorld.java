// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What a completions endpoint answers, in one of the many ways in which servers do. Its language
 * has words of one token each, {@code " a"} to {@code " z"}, and {@code " end"}, which ends a text
 * and is no part of it; what follows a prompt depends on the prompt, the seed and chance.
 */
public final class CompletionsWorld {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What a server may do. */
  public enum Temperament {
    /** Answers 400 to more than two choices of a prompt. */
    REFUSES_MORE_THAN_TWO,
    /** Answers 400 to more than one prompt. */
    REFUSES_LISTS,
    /** Gives one choice whatever is asked for. */
    IGNORES_N,
    /** Puts the choices in another order. */
    SHUFFLES,
    /** Says nothing of tokens. */
    NO_USAGE,
    /** Says how likely its tokens are: one nat each. */
    LOGPROBS,
    /** Takes offence at every text that begins with a vowel. */
    FILTERS,
    /** Answers 400 to whoever wants to be told tokens. */
    REFUSES_TOKENS,
    /** Tells tokens: those of a text are its characters, and its own are 1000 and more. */
    TELLS_TOKENS,
    /** Says {@code null} where a choice is empty. */
    NULL_TEXT
  }

  private final Set<Temperament> temperaments = EnumSet.noneOf(Temperament.class);
  private final Random random = new Random(1);
  private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());

  /** A server that does all that is asked of it, but for these ways. */
  public CompletionsWorld(Temperament... ways) {
    temperaments.addAll(List.of(ways));
  }

  /** What was asked so far. */
  public List<JsonNode> requests() {
    return List.copyOf(requests);
  }

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body JSON
   */
  public record Answer(int status, String body) {}

  /** Answers a request. */
  public synchronized Answer answer(String body) throws IOException {
    JsonNode request = JsonMapper.builder().build().readTree(body);
    requests.add(request);
    List<String> prompts = new ArrayList<>();
    JsonNode prompt = request.get("prompt");
    boolean list = prompt.isArray() && !prompt.get(0).isInt();
    if (list) {
      prompt.forEach(one -> prompts.add(text(one)));
    } else {
      prompts.add(text(prompt));
    }
    int n = request.path("n").asInt(1);
    if (temperaments.contains(Temperament.REFUSES_MORE_THAN_TWO) && n > 2) {
      return refusal("n is too large");
    }
    if (temperaments.contains(Temperament.REFUSES_LISTS) && list) {
      return refusal("prompt must be a string");
    }
    if (temperaments.contains(Temperament.REFUSES_TOKENS) && request.has("return_token_ids")) {
      return refusal("return_token_ids is not known");
    }
    return new Answer(200, choices(request, prompts, n).toString());
  }

  /** A word is one token of 1000 and more, any other character one of its own. */
  private static String text(JsonNode prompt) {
    if (prompt.isTextual()) {
      return prompt.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode token : prompt) {
      int id = token.intValue();
      text.append(id < 1000 ? "" : " ").append((char) (id % 1000));
    }
    return text.toString();
  }

  private static ArrayNode tokens(String text, int offset) {
    ArrayNode tokens = JSON.arrayNode();
    text.chars().filter(c -> offset == 0 || c != ' ').forEach(c -> tokens.add(c + offset));
    return tokens;
  }

  private static Answer refusal(String message) {
    ObjectNode refusal = JSON.objectNode();
    refusal.putObject("error").put("message", message);
    return new Answer(400, refusal.toString());
  }

  private ObjectNode choices(JsonNode request, List<String> prompts, int n) {
    int each = temperaments.contains(Temperament.IGNORES_N) ? 1 : n;
    List<ObjectNode> choices = new ArrayList<>();
    int tokens = 0;
    for (String prompt : prompts) {
      for (int i = 0; i < each; i++) {
        ObjectNode choice = choice(prompt, request, i);
        tokens += choice.remove("drawn").asInt();
        choices.add(choice.put("index", choices.size()));
      }
    }
    if (temperaments.contains(Temperament.SHUFFLES)) {
      Collections.shuffle(choices, random);
    }
    ObjectNode answer = JSON.objectNode();
    ArrayNode list = answer.putArray("choices");
    choices.forEach(list::add);
    if (!temperaments.contains(Temperament.NO_USAGE)) {
      answer
          .putObject("usage")
          .put("prompt_tokens", prompts.size())
          .put("completion_tokens", tokens);
    }
    return answer;
  }

  private ObjectNode choice(String prompt, JsonNode request, int number) {
    JsonNode seed = request.path("seed");
    Random own =
        seed.isMissingNode()
            ? random
            : new Random(31 * (31 * seed.asLong() + prompt.hashCode()) + number);
    StringBuilder text = new StringBuilder();
    int most = request.path("max_tokens").asInt(16);
    int drawn = 0;
    boolean ended = false;
    while (drawn < most && !ended) {
      drawn++;
      ended = own.nextInt(20) == 0;
      text.append(ended ? "" : " " + (char) ('a' + own.nextInt(26)));
    }
    ObjectNode choice = JSON.objectNode();
    boolean offensive =
        temperaments.contains(Temperament.FILTERS) && text.toString().matches(" [aeiou].*");
    choice.put("text", text.toString());
    if (text.isEmpty() && temperaments.contains(Temperament.NULL_TEXT)) {
      choice.putNull("text");
    }
    choice.put("finish_reason", offensive ? "content_filter" : ended ? "stop" : "length");
    if (temperaments.contains(Temperament.LOGPROBS)) {
      ArrayNode logs = choice.putObject("logprobs").putArray("token_logprobs");
      Collections.nCopies(drawn, -1.0).forEach(logs::add);
    }
    if (temperaments.contains(Temperament.TELLS_TOKENS) && request.has("return_token_ids")) {
      choice.set("token_ids", tokens(text.toString(), 1000));
      choice.set("prompt_token_ids", request.path("prompt").isTextual() ? tokens(prompt, 0) : null);
    }
    return choice.put("drawn", drawn);
  }
}
