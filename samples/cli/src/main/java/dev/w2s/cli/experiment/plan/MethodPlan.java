// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to a response.
 *
 * @param name in all tables; no other method has it
 * @param guides names of those that steer, none where there is nothing to choose
 * @param guard nats a token that the search may leave the base by; null for no guard
 * @param sweep where it stands in a series of methods; null if it stands alone
 */
public record MethodPlan(
    String name,
    Kind kind,
    List<String> guides,
    @Nullable Double guard,
    Sampling sampling,
    @Nullable Sweep sweep) {

  /** What kind of way. */
  public sealed interface Kind {}

  /** Plain sampling from the base. */
  public record Base() implements Kind {}

  /**
   * The best of whole responses.
   *
   * @param n how many
   */
  public record BestOf(int n) implements Kind {}

  /**
   * Chunk-level beam search.
   *
   * @param w beam width
   * @param k successors
   * @param l chunk length, tokens
   */
  public record Beam(int w, int k, int l) implements Kind {}

  /**
   * Emulated fine-tuning by the one guide, a pair with the base's tokens.
   *
   * @param beta how strongly it steers
   */
  public record Eft(double beta) implements Kind {}

  /** Plain sampling from another model, such as the small tuned one, with no base at all. */
  public record Alone(ModelPlan model) implements Kind {}

  /**
   * A place in a series.
   *
   * @param series of the methods that differ in this value
   * @param key which value
   */
  public record Sweep(String series, String key, double value) {}

  /** Whether it is what the others are compared with. */
  public boolean isBase() {
    return kind instanceof Base;
  }
}
