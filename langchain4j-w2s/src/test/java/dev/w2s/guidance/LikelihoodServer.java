// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.Golden;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.Transport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server, without a network, of models whose log-probabilities follow a formula. It is asked by
 * {@code prompt_logprobs} and by {@code echo}.
 */
final class LikelihoodServer implements Transport {
  static final String URL = "http://likely/v1";

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** What it does in place of an answer. */
  interface Mood {
    /** Null where it answers. */
    @Nullable Reply at(JsonNode request, List<List<Integer>> texts) throws IOException;
  }

  private final List<List<List<Integer>>> asked = Collections.synchronizedList(new ArrayList<>());
  private final Mood mood;

  LikelihoodServer(Mood mood) {
    this.mood = mood;
  }

  /** One that always answers. */
  LikelihoodServer() {
    this((request, texts) -> null);
  }

  /** Nats of a token behind another one; exact in binary. */
  static double nats(String model, int before, int token) {
    return -(token + before / 8.0) * (model.equals("tuned") ? 1 : 2);
  }

  /** A refusal. */
  static Reply refusal(int status, String message) {
    return new Reply(status, "", JSON.createObjectNode().put("message", message).toString());
  }

  /** One of its models, which is asked once. */
  RemoteModel.Builder model(String name) {
    return RemoteModel.builder()
        .baseUrl(URL)
        .modelName(name)
        .retries(RetryPolicy.never())
        .transport(this);
  }

  /** The texts of each request, in the order in which they came. */
  List<List<List<Integer>>> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Reply post(URI uri, Map<String, String> headers, String body, Duration timeout)
      throws IOException {
    JsonNode request = JSON.readTree(body);
    List<List<Integer>> texts = new ArrayList<>();
    request.get("prompt").forEach(text -> texts.add(Golden.integers(text)));
    asked.add(texts);
    Reply other = mood.at(request, texts);
    return other == null ? new Reply(200, "", answer(request, texts)) : other;
  }

  private static String answer(JsonNode request, List<List<Integer>> texts) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode choices = answer.putArray("choices");
    for (List<Integer> text : texts) {
      ObjectNode choice = choices.addObject();
      boolean echo = request.path("echo").asBoolean();
      ArrayNode list =
          echo
              ? choice.putObject("logprobs").putArray("token_logprobs")
              : choice.putArray("prompt_logprobs");
      list.addNull();
      for (int i = 1; i < text.size(); i++) {
        double nats = nats(request.get("model").asText(), text.get(i - 1), text.get(i));
        if (echo) {
          list.add(nats);
        } else {
          list.addObject().putObject(String.valueOf(text.get(i))).put("logprob", nats);
        }
      }
    }
    return answer.toString();
  }
}
