// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code results.jsonl}; the components' names are the keys. What a failed sample does
 * not have is null.
 *
 * @param method its name
 * @param promptNumber from 1, in the file's order
 * @param prompt a text, or the list of a conversation's messages
 * @param text the response without the prompt
 * @param reward by the first judge
 * @param judges the verdicts of all judges by their names, the first one's included
 * @param score by the guides, nats; null where there was nothing to choose
 * @param tokens of the response, as the model that wrote it counts
 * @param ended whether that model ended it
 * @param distinct1 share of the words that are there for the first time
 * @param distinct2 the same of pairs of neighbouring words
 * @param nats minus log-probability under the fluency model; null where there is none
 * @param natsTokens tokens that counted in it
 * @param sampledTokens of the model that wrote it, in all draws
 * @param scoredTokens run through the small models
 * @param calls to the model that wrote it
 * @param seconds of the response, without its judging
 * @param failure why there is no response, or no verdict; null where all is well
 */
public record Sample(
    String method,
    long seed,
    int promptNumber,
    JsonNode prompt,
    @Nullable String text,
    @Nullable Double reward,
    Map<String, Double> judges,
    @Nullable Double score,
    @Nullable Integer tokens,
    @Nullable Integer words,
    @Nullable Boolean ended,
    @Nullable String stopReason,
    @Nullable Double distinct1,
    @Nullable Double distinct2,
    @Nullable Double nats,
    @Nullable Integer natsTokens,
    long sampledTokens,
    long scoredTokens,
    long calls,
    double seconds,
    @Nullable String failure) {

  /** Checks what a failed sample has, too. */
  public Sample {
    requireNonNull(method, "method");
    requireNonNull(prompt, "prompt");
    requireNonNull(judges, "judges");
  }

  /** What makes a sample the one that it is. */
  public record Key(int promptNumber, long seed, String method) {
    @Override
    public String toString() {
      return "%s, seed %d, prompt %d".formatted(method, seed, promptNumber);
    }
  }

  public Key key() {
    return new Key(promptNumber, seed, method);
  }

  public boolean failed() {
    return failure != null;
  }

  /** There is none. */
  static Sample failed(Key key, JsonNode prompt, @Nullable String text, String failure) {
    return new Sample(
        key.method(),
        key.seed(),
        key.promptNumber(),
        prompt,
        text,
        null,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        0,
        0,
        0,
        failure);
  }
}
