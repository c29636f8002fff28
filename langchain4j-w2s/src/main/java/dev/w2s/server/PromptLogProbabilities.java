// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a completions endpoint how likely the tokens of given texts are. What comes back is checked
 * token by token: a server that does not understand the question often answers as if it had none.
 */
public final class PromptLogProbabilities {
  private final JsonServer server;
  private final String model;

  /**
   * @param model as the server calls it
   */
  public PromptLogProbabilities(JsonServer server, String model) {
    this.server = server;
    this.model = model;
  }

  /** How it is asked. */
  public enum Way {
    /** vLLM's {@code prompt_logprobs}: a map for each token, of which one is drawn besides. */
    PROMPT_LOGPROBS,
    /** {@code echo} with {@code logprobs}, and no token drawn. */
    ECHO,
    /** The same, where a token has to be drawn, which is left out. */
    ECHO_AND_ONE
  }

  /**
   * Log-probabilities of the tokens of texts.
   *
   * @param texts token ids, each text at least one
   * @return for each text, in order, nats for each token; NaN for the first, which has none
   * @throws ServerException if the server refuses, cannot be reached, or answers anything but
   *     finite numbers, one for each token but the first
   */
  public List<double[]> ask(Way way, List<List<Integer>> texts) {
    JsonNode choices =
        server.post(server.address().below("/completions"), body(way, texts)).path("choices");
    if (!choices.isArray() || choices.size() != texts.size()) {
      throw wrong(
          "%s choices to %d texts"
              .formatted(choices.isArray() ? choices.size() : "no", texts.size()));
    }
    double[][] all = new double[texts.size()][];
    for (int i = 0; i < choices.size(); i++) {
      int index = choices.get(i).path("index").asInt(i);
      if (index < 0 || index >= all.length || all[index] != null) {
        throw wrong("choice %d with the index %d".formatted(i, index));
      }
      all[index] = read(way, choices.get(i), texts.get(index));
    }
    return List.of(all);
  }

  private ObjectNode body(Way way, List<List<Integer>> texts) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", model);
    ArrayNode prompts = body.putArray("prompt");
    for (List<Integer> text : texts) {
      ArrayNode ids = prompts.addArray();
      text.forEach(ids::add);
    }
    body.put("max_tokens", way == Way.ECHO ? 0 : 1);
    if (way == Way.PROMPT_LOGPROBS) {
      body.put("prompt_logprobs", 0);
    } else {
      body.put("echo", true).put("logprobs", 0);
    }
    return body;
  }

  private double[] read(Way way, JsonNode choice, List<Integer> text) {
    List<JsonNode> tokens = new ArrayList<>();
    if (way == Way.PROMPT_LOGPROBS) {
      choice.path("prompt_logprobs").forEach(tokens::add);
    } else {
      choice.path("logprobs").path("token_logprobs").forEach(tokens::add);
      if (way == Way.ECHO_AND_ONE && tokens.size() == text.size() + 1) {
        tokens.remove(text.size());
      }
    }
    if (tokens.size() != text.size()) {
      throw wrong(
          "log-probabilities of %d tokens to %d tokens of a prompt"
              .formatted(tokens.size(), text.size()));
    }
    double[] nats = new double[text.size()];
    nats[0] = Double.NaN;
    for (int i = 1; i < nats.length; i++) {
      JsonNode token = tokens.get(i);
      JsonNode number =
          way == Way.PROMPT_LOGPROBS
              ? token.path(String.valueOf(text.get(i))).path("logprob")
              : token;
      if (!number.isNumber() || !Double.isFinite(number.doubleValue())) {
        throw wrong("no log-probability of token %d of a prompt, but %s".formatted(i, number));
      }
      nats[i] = number.doubleValue();
    }
    return nats;
  }

  private ServerException wrong(String what) {
    return new ServerException(
        server.address().below("/completions") + " gave " + what, ServerException.NO_ANSWER);
  }
}
