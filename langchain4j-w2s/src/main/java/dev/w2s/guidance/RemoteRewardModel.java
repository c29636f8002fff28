// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.server.JsonServer;
import dev.w2s.server.ServerBuilder;
import dev.w2s.server.ServerException;
import dev.w2s.server.TextScores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reward model behind a server as guide: vLLM's {@code /classify}, whose score is the log-odds of
 * one label, in nats, or its {@code /score}, as it is. One request a round. Safe for use by several
 * threads; there is nothing to close.
 */
public final class RemoteRewardModel implements Guide {

  /** Probabilities nearer to 0 or 1 than this are rounding: 27.6 nats. */
  private static final double LEAST = 1e-12;

  private final TextScores server;
  private final @Nullable Integer label;
  private final boolean readsPrompt;
  private final String name;

  private RemoteRewardModel(Builder builder) {
    JsonServer json = builder.connected();
    String modelName = builder.model();
    server = new TextScores(json, modelName);
    name = json.address() + "#" + modelName;
    label = builder.label;
    readsPrompt = builder.readsPrompt;
    if (label != null && label < 0) {
      throw new IllegalArgumentException("label is " + label + "; it must not be negative");
    }
  }

  /** Builds one. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CandidateScorer open(Prompt prompt) {
    return new Scorer(prompt);
  }

  /** Of one prompt. */
  private final class Scorer implements CandidateScorer {
    private final Prompt prompt;

    Scorer(Prompt prompt) {
      this.prompt = prompt;
    }

    @Override
    public double[] score(List<Candidate> candidates) {
      if (label == null) {
        String asked = PromptFormat.plain().render(prompt).text();
        return server.score(asked, candidates.stream().map(Candidate::text).toList());
      }
      List<String> texts = candidates.stream().map(this::text).toList();
      return server.classify(texts).stream().mapToDouble(p -> logOdds(p, label)).toArray();
    }

    private String text(Candidate candidate) {
      if (!readsPrompt) {
        return candidate.text();
      }
      return prompt instanceof Prompt.Conversation talk
          ? PromptFormat.plain().render(talk.answered(candidate.text())).text()
          : ((Prompt.Text) prompt).text() + candidate.text();
    }

    /** The server's, which does not tell. */
    @Override
    public long tokensRun() {
      return 0;
    }

    /** Nothing to free: connections are the model's. */
    @Override
    public void close() {}
  }

  private double logOdds(double[] probabilities, int label) {
    if (label >= probabilities.length) {
      throw new ServerException(
          "%s has %d labels; there is none of the index %d"
              .formatted(name, probabilities.length, label),
          ServerException.NO_ANSWER);
    }
    double probability = Math.min(1 - LEAST, Math.max(LEAST, probabilities[label]));
    return Math.log(probability) - Math.log1p(-probability);
  }

  /** The address and the model. */
  @Override
  public String toString() {
    return name;
  }

  /** Builds {@link RemoteRewardModel}; null stands for the default. */
  public static final class Builder extends ServerBuilder<Builder> {
    private @Nullable Integer label;
    private boolean readsPrompt = true;

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

    /**
     * The index of the label that is wanted, from 0 on, for {@code /classify}; by default {@code
     * /score} is asked, with the prompt as first text and the response as second.
     */
    public Builder label(@Nullable Integer label) {
      this.label = label;
      return this;
    }

    /** Whether {@code /classify} reads the prompt in front of the response; it does by default. */
    public Builder readsPrompt(boolean readsPrompt) {
      this.readsPrompt = readsPrompt;
      return this;
    }

    /**
     * The model. Nothing is sent yet.
     *
     * @throws IllegalArgumentException if the address or the name is missing or wrong, or the label
     *     is negative; the message names it
     */
    public RemoteRewardModel build() {
      return new RemoteRewardModel(this);
    }
  }
}
