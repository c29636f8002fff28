// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The completions endpoint of a server: {@code POST /completions} as OpenAI has it, with a list of
 * prompts and {@code n} choices of each in one request, as vLLM and llama.cpp take them.
 */
public final class Completions {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What servers call an end: OpenAI's word and those of Text Generation Inference. */
  private static final Set<String> ENDS = Set.of("stop", "eos_token", "stop_sequence");

  private final JsonServer server;
  private final String model;

  /**
   * @param model as the server calls it
   */
  public Completions(JsonServer server, String model) {
    this.server = server;
    this.model = model;
  }

  /** This endpoint, asked for what is of use until then. */
  public Completions until(Deadline then) {
    return new Completions(server.until(then), model);
  }

  /**
   * What one request asks for.
   *
   * @param prompts at least one
   * @param n choices of each, at least 1
   * @param maxTokens most tokens of each choice, at least 1; null for the server's own limit
   * @param options how to draw
   * @param seed of the request; null for none
   * @param tellsTokens whether the server is to give the tokens back, as vLLM does
   */
  public record Request(
      List<Input> prompts,
      int n,
      @Nullable Integer maxTokens,
      DrawOptions options,
      @Nullable Long seed,
      boolean tellsTokens) {
    /** Copies the list. */
    public Request {
      prompts = List.copyOf(prompts);
    }
  }

  /**
   * One continuation.
   *
   * @param text what follows the prompt
   * @param all prompt and text, to be continued
   * @param finish why it went no further
   * @param tokens how many were drawn, the end included; 0 where the server does not say
   * @param logProbability nats of all of them; NaN where the server does not say
   */
  public record Choice(String text, Input all, Finish finish, int tokens, double logProbability) {}

  /** Why a continuation went no further. */
  public enum Finish {
    /** The model ended it, or a stop string did. */
    STOP,
    /** As many tokens were drawn as were asked for. */
    LENGTH,
    /** A filter took offence. */
    FILTERED
  }

  /**
   * An answer.
   *
   * @param choices of each prompt, in order; fewer than asked for where the server gave fewer
   * @param usage what the server reports, null where it does not
   */
  public record Answer(List<List<Choice>> choices, @Nullable Usage usage) {}

  /**
   * Tokens as the server counts them.
   *
   * @param prompt of all prompts
   * @param completion of all choices
   */
  public record Usage(int prompt, int completion) {}

  /**
   * Asks for continuations.
   *
   * @throws ServerException if the server refuses, cannot be reached, or answers with what is no
   *     answer to the request
   */
  public Answer complete(Request request) {
    JsonNode answer = server.post(server.address().below("/completions"), body(request));
    JsonNode list = answer.path("choices");
    List<List<Choice>> choices = new ArrayList<>();
    for (int i = 0; i < request.prompts().size(); i++) {
      choices.add(new ArrayList<>());
    }
    int each = perPrompt(list, request);
    boolean[] seen = new boolean[list.size()];
    JsonNode[] ordered = new JsonNode[list.size()];
    for (int i = 0; i < list.size(); i++) {
      int index = list.size() == 1 ? 0 : list.get(i).path("index").asInt(-1);
      if (index < 0 || index >= seen.length || seen[index]) {
        throw wrong(
            "choice %d has the index %s; each must have its own, from 0 on"
                .formatted(i, list.get(i).path("index")));
      }
      seen[index] = true;
      ordered[index] = list.get(i);
    }
    boolean fewer = fewer(answer, request.maxTokens());
    for (int i = 0; i < ordered.length; i++) {
      choices.get(i / each).add(choice(ordered[i], request.prompts().get(i / each), fewer));
    }
    return new Answer(choices, usage(answer.path("usage")));
  }

  /** Choices come prompt by prompt; a server that ignores n gives one of each. */
  private int perPrompt(JsonNode list, Request request) {
    int prompts = request.prompts().size();
    int number = list.size();
    if (!list.isArray() || number == 0 || number % prompts != 0 || number / prompts > request.n()) {
      throw wrong(
          "an answer of %s choices to %d prompts with n = %d"
              .formatted(list.isArray() ? number : "no", prompts, request.n()));
    }
    return number / prompts;
  }

  private ObjectNode body(Request request) {
    ObjectNode body = JSON.objectNode();
    body.put("model", model);
    if (request.prompts().size() == 1) {
      body.set("prompt", request.prompts().get(0).json());
    } else {
      ArrayNode prompts = body.putArray("prompt");
      request.prompts().forEach(prompt -> prompts.add(prompt.json()));
    }
    if (request.n() > 1) {
      body.put("n", request.n());
    }
    if (request.maxTokens() != null) {
      body.put("max_tokens", request.maxTokens());
    }
    if (request.seed() != null) {
      body.put("seed", request.seed());
    }
    if (request.tellsTokens()) {
      body.put("return_token_ids", true);
    }
    if (request.prompts().stream()
        .anyMatch(prompt -> prompt.rendered() && prompt.tokens() == null)) {
      body.put("add_special_tokens", false); // a second BOS otherwise
    }
    request.options().writeTo(body);
    return body;
  }

  private Choice choice(JsonNode choice, Input prompt, boolean fewer) {
    JsonNode text = choice.path("text");
    if (!text.isTextual() && !text.isNull()) {
      throw wrong("a choice without text");
    }
    List<Integer> drawn = tokens(choice.path("token_ids"));
    JsonNode logs = choice.path("logprobs").path("token_logprobs");
    int tokens = logs.isArray() ? logs.size() : drawn == null ? 0 : drawn.size();
    Input all = prompt.then(text.asText(""), tokens(choice.path("prompt_token_ids")), drawn);
    return new Choice(
        text.asText(""),
        all,
        finish(choice.path("finish_reason").asText(""), text.asText(""), fewer),
        tokens,
        sum(logs));
  }

  private static double sum(JsonNode logs) {
    double nats = logs.isArray() ? 0 : Double.NaN;
    for (JsonNode log : logs) {
      nats += log.isNumber() ? log.doubleValue() : Double.NaN;
    }
    return nats;
  }

  private static @Nullable List<Integer> tokens(JsonNode ids) {
    if (!ids.isArray() || ids.isEmpty()) {
      return null;
    }
    List<Integer> tokens = new ArrayList<>();
    ids.forEach(id -> tokens.add(id.intValue()));
    return tokens;
  }

  /**
   * A server that gives no reason, or one of its own, has not said that the text is at its end,
   * unless it drew less than it was allowed.
   *
   * @param fewer whether it is known to have drawn less
   */
  static Finish finish(String reason, String text, boolean fewer) {
    if (reason.equals("content_filter")) {
      return Finish.FILTERED;
    }
    boolean silent = reason.isBlank() || reason.equals("null");
    boolean nothing = text.isEmpty() && !reason.equals("length");
    return nothing || ENDS.contains(reason) || (silent && fewer) ? Finish.STOP : Finish.LENGTH;
  }

  /** Whether one choice, all by itself, has fewer tokens than were asked for. */
  static boolean fewer(JsonNode answer, @Nullable Integer maxTokens) {
    Usage usage = usage(answer.path("usage"));
    return answer.path("choices").size() == 1
        && usage != null
        && maxTokens != null
        && usage.completion() < maxTokens;
  }

  static @Nullable Usage usage(JsonNode usage) {
    return usage.path("prompt_tokens").isInt() && usage.path("completion_tokens").isInt()
        ? new Usage(
            usage.get("prompt_tokens").intValue(), usage.get("completion_tokens").intValue())
        : null;
  }

  private ServerException wrong(String what) {
    return new ServerException(
        server.address().below("/completions") + " gave " + what, ServerException.NO_ANSWER);
  }
}
