// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.server.JsonServer;
import dev.w2s.server.PromptLogProbabilities;
import dev.w2s.server.PromptLogProbabilities.Way;
import dev.w2s.server.ServerBuilder;
import dev.w2s.server.ServerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A small model behind a server that tells how likely the tokens of a given text are: vLLM by
 * {@code prompt_logprobs}, others by {@code echo} with {@code logprobs}. The server reads the whole
 * text in each round, where a model in this process reads only what is new. Safe for use by several
 * threads; there is nothing to close.
 */
public final class RemoteModel {

  /** Tokens in one request: servers keep a row of the whole vocabulary for each of them. */
  private static final int DEFAULT_TOKEN_BUDGET = 2048;

  /** Any model has these; of two texts the sums must differ. */
  private static final List<List<Integer>> PROBE = List.of(List.of(5, 9, 7), List.of(5, 11, 13));

  private final String name;
  private final JsonServer server;
  private final PromptLogProbabilities endpoint;
  private final int tokenBudget;
  private final AtomicLong tokensSent = new AtomicLong();
  private volatile @Nullable Way way;

  private RemoteModel(Builder builder) {
    server = builder.connected();
    String modelName = builder.model();
    name = server.address() + "#" + modelName;
    endpoint = new PromptLogProbabilities(server, modelName);
    tokenBudget = requireNonNullElse(builder.tokenBudget, DEFAULT_TOKEN_BUDGET);
    if (tokenBudget < 1) {
      throw new IllegalArgumentException(
          "tokenBudget is " + tokenBudget + "; it must be at least 1");
    }
  }

  /** Builds one. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Finds out how the server is to be asked, by two short texts.
   *
   * @throws ServerException if it tells no log-probabilities of given texts; the message names it
   */
  void check() {
    List<String> tried = new ArrayList<>();
    for (Way each : Way.values()) {
      try {
        List<double[]> both = endpoint.ask(each, PROBE);
        if (sum(both.get(0)) != sum(both.get(1))) {
          way = each;
          return;
        }
        tried.add(each + ": it gave the same sum for two different texts");
      } catch (ServerException e) {
        if (e.status() == 401 || e.status() == 403 || e.status() == 404) {
          throw e;
        }
        tried.add(each + ": " + e.getMessage());
      }
    }
    throw new ServerException(
        name + " returns no log-probabilities of prompts: " + String.join("; ", tried),
        ServerException.NO_ANSWER);
  }

  private static double sum(double[] nats) {
    return Arrays.stream(nats).skip(1).sum();
  }

  /**
   * Log-probabilities of the tokens of texts: one request, or as many as the budget of tokens asks
   * for. Equal texts are sent once.
   *
   * @return for each text, in order, nats for each token; NaN for the first
   */
  List<double[]> logProbabilities(List<List<Integer>> texts) {
    Map<List<Integer>, double[]> known = new LinkedHashMap<>();
    List<List<Integer>> batch = new ArrayList<>();
    int tokens = 0;
    for (List<Integer> text : texts.stream().distinct().toList()) {
      if (!batch.isEmpty() && tokens + text.size() > tokenBudget) {
        ask(batch, known, /* halves= */ true);
        batch.clear();
        tokens = 0;
      }
      batch.add(text);
      tokens += text.size();
    }
    if (!batch.isEmpty()) {
      ask(batch, known, /* halves= */ true);
    }
    return texts.stream().map(known::get).toList();
  }

  private void ask(List<List<Integer>> texts, Map<List<Integer>, double[]> known, boolean halves) {
    try {
      tokensSent.addAndGet(texts.stream().mapToLong(List::size).sum());
      List<double[]> nats = endpoint.ask(requireNonNullElse(way, Way.PROMPT_LOGPROBS), texts);
      for (int i = 0; i < texts.size(); i++) {
        known.put(texts.get(i), nats.get(i));
      }
    } catch (ServerException e) {
      // Engines run out of memory by so many rows, and come back.
      boolean engineFailed = e.status() >= 500 || e.getCause() != null;
      if (!engineFailed) {
        throw e;
      }
      if (!halves || texts.size() == 1) {
        throw new ServerException(
            e.getMessage()
                + "; if the engine ran out of memory, --max-num-batched-tokens or"
                + " --gpu-memory-utilization of vLLM must be lower, or tokenBudget here",
            e);
      }
      ask(texts.subList(0, texts.size() / 2), known, /* halves= */ false);
      ask(texts.subList(texts.size() / 2, texts.size()), known, /* halves= */ false);
    }
  }

  /** Tokens that the server was sent so far, in all searches. */
  public long tokensSent() {
    return tokensSent.get();
  }

  /** Requests sent so far, in all searches, those made again included. */
  public long httpRequests() {
    return server.requests();
  }

  /** The address and the model. */
  @Override
  public String toString() {
    return name;
  }

  /** Builds {@link RemoteModel}; null stands for the default. */
  public static final class Builder extends ServerBuilder<Builder> {
    private @Nullable Integer tokenBudget;

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    JsonServer connected() {
      return server();
    }

    String model() {
      return requiredModelName();
    }

    /** Most tokens of one request, unless a single text has more; 2048 by default. */
    public Builder tokenBudget(@Nullable Integer tokenBudget) {
      this.tokenBudget = tokenBudget;
      return this;
    }

    /**
     * The model. Nothing is sent yet.
     *
     * @throws IllegalArgumentException if the address or the name is missing or wrong, or a number
     *     is out of range; the message names it
     */
    public RemoteModel build() {
      return new RemoteModel(this);
    }
  }
}
