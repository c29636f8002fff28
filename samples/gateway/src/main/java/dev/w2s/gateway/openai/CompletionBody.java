// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for completions of prompts.
 *
 * @param prompts at least one
 * @param choices of each prompt
 * @param echo whether the prompt stands in front of its completions
 * @param logprobs how many likeliest tokens are told beside the log-probability of each token of an
 *     echo; null where none is asked for
 */
public record CompletionBody(
    List<Asked> prompts,
    Sampling sampling,
    int choices,
    boolean echo,
    @Nullable Integer logprobs,
    Streaming streaming,
    Wishes wishes) {
  /** Tokens of a completion where a request does not say, as OpenAI has it. */
  public static final int DEFAULT_MAX_TOKENS = 16;

  /**
   * A prompt.
   *
   * @param text null where it is given by tokens
   * @param tokens ids; empty where it is given by its text
   */
  public record Asked(@Nullable String text, List<Integer> tokens) {
    static Asked of(String text) {
      return new Asked(text, List.of());
    }
  }

  /** As OpenAI has it. */
  private static final int MOST_LOGPROBS = 5;

  /** How many tokens are drawn for each choice. */
  public int maxTokens() {
    Integer most = sampling.maxTokens();
    return most == null ? DEFAULT_MAX_TOKENS : most;
  }

  static CompletionBody of(Fields request, int mostTokens, int mostChoices) {
    List<Asked> prompts = prompts(request);
    Integer choices = request.integer("n", 1, mostChoices);
    int each = choices == null ? 1 : choices;
    if (prompts.size() > mostChoices / each) {
      throw request.wrong(
          "prompt",
          "%d prompts times n make more than %d choices".formatted(prompts.size(), mostChoices));
    }
    Integer tokens = request.integer("max_tokens", 0, mostTokens);
    request.refuse("suffix", "\"\"");
    request.refuse("best_of", String.valueOf(each));
    CompletionBody body =
        new CompletionBody(
            prompts,
            Sampling.of(request, tokens),
            each,
            request.isSet("echo"),
            request.integer("logprobs", 0, MOST_LOGPROBS),
            Streaming.of(request),
            Wishes.of(request));
    check(request, body);
    request.refuseOthers();
    return body;
  }

  private static void check(Fields request, CompletionBody body) {
    if (body.logprobs() != null && !body.echo()) {
      throw request.wrong("logprobs", "log-probabilities are told with 'echo' alone");
    }
    if (body.maxTokens() == 0 && !body.echo()) {
      throw request.wrong("max_tokens", "without 'echo' it must be at least 1");
    }
  }

  /** A text, texts, token ids, or lists of them. */
  private static List<Asked> prompts(Fields request) {
    JsonNode prompt = request.value("prompt");
    if (prompt == null) {
      throw ApiException.invalid("prompt", "You must provide a 'prompt' parameter.");
    }
    if (prompt.isTextual()) {
      return List.of(asked(request, prompt));
    }
    if (prompt.isArray() && !prompt.isEmpty()) {
      if (prompt.get(0).isNumber()) {
        return List.of(asked(request, prompt));
      }
      List<Asked> all = new ArrayList<>();
      prompt.forEach(each -> all.add(asked(request, each)));
      return all;
    }
    throw wrong(request);
  }

  private static Asked asked(Fields request, JsonNode prompt) {
    if (prompt.isTextual() && !prompt.textValue().isEmpty()) {
      return Asked.of(prompt.textValue());
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw wrong(request);
    }
    List<Integer> tokens = new ArrayList<>();
    for (JsonNode token : prompt) {
      if (!token.isInt() || token.intValue() < 0) {
        throw wrong(request);
      }
      tokens.add(token.intValue());
    }
    return new Asked(null, tokens);
  }

  private static ApiException wrong(Fields request) {
    return request.wrong(
        "prompt", "it must be a text, token ids, or a list of them, none of them empty");
  }
}
