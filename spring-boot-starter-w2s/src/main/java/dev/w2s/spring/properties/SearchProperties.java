// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.Budget;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.Guard;
import dev.w2s.search.guard.TrustRegion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a search goes. What is not set is as the library has it.
 *
 * @param beamWidth W, hypotheses kept after each round.
 * @param successors K, continuations drawn for each kept hypothesis.
 * @param chunkLength L, tokens of a continuation.
 * @param bestOf N whole responses, of which the best is taken, in place of a beam.
 * @param commitLag Tokens behind the head of the beam at which it commits to its best hypothesis; 0
 *     for at once. By default never.
 * @param maxTokens Most tokens of a response. By default the large model's own limit where it is
 *     known, else 2048.
 * @param budget What a search may cost.
 * @param guard What keeps a search from harm by an imperfect guide.
 * @param continuation How a chat model that is not local goes on with an answer that it has begun.
 * @param concurrency Calls at a time of a model that is not local. By default 4 of a chat model, 1
 *     of a language model.
 * @param scoreThinking Whether guides judge the large model's thinking in front of its text.
 * @param promptTemplate Template of prompts for language models, with {{prompt}}. By default the
 *     prompt as it is.
 */
public record SearchProperties(
    @Nullable Integer beamWidth,
    @Nullable Integer successors,
    @Nullable Integer chunkLength,
    @Nullable Integer bestOf,
    @Nullable Integer commitLag,
    @Nullable Integer maxTokens,
    @DefaultValue Limits budget,
    @DefaultValue Region guard,
    @Nullable Continuation continuation,
    @Nullable Integer concurrency,
    @Nullable Boolean scoreThinking,
    @Nullable String promptTemplate) {

  /**
   * The kind of search.
   *
   * @throws IllegalArgumentException if a number is out of range; the message begins with its name
   */
  public ChunkBeam beam() {
    ChunkBeam defaults = bestOf == null ? ChunkBeam.defaults() : ChunkBeam.bestOf(bestOf);
    return new ChunkBeam(
        requireNonNullElse(beamWidth, defaults.beamWidth()),
        requireNonNullElse(successors, defaults.successors()),
        requireNonNullElse(chunkLength, defaults.chunkLength()),
        requireNonNullElse(commitLag, defaults.commitLag()));
  }

  /**
   * What a search may cost.
   *
   * @throws IllegalArgumentException if a limit is not positive; the message begins with its name
   */
  public Budget costs() {
    Budget none = Budget.none();
    return new Budget(
        requireNonNullElse(budget.time(), none.time()),
        requireNonNullElse(budget.tokens(), none.tokens()),
        requireNonNullElse(budget.calls(), none.calls()));
  }

  /**
   * What chooses among the hypotheses of a round.
   *
   * @throws IllegalArgumentException if the divergence is out of range; the message begins with it
   */
  public Guard choice() {
    if (!guard.enabled()) {
      return Guard.none();
    }
    return guard.divergence() == null
        ? TrustRegion.defaults()
        : new TrustRegion(guard.divergence());
  }

  /**
   * What a search may cost; the round that reaches a limit is completed.
   *
   * @param time Time since the search began. No limit by default.
   * @param tokens Tokens of the large model sampled in all draws. No limit by default.
   * @param calls Calls to the large model. No limit by default.
   */
  public record Limits(@Nullable Duration time, @Nullable Long tokens, @Nullable Long calls) {}

  /**
   * A trust region around the large model.
   *
   * @param enabled Whether searches are guarded.
   * @param divergence How far a search may depart from the large model, in nats a token.
   */
  public record Region(@DefaultValue("false") boolean enabled, @Nullable Double divergence) {}
}
