// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.CandidateScorer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two small models in-process, one tuned and the untuned one it came from. Their difference in
 * log-probability is a dense reward for what the tuning was for (Zhou et al. 2024, section 4.1).
 *
 * <p>Holds both models' native memory until it is closed, which comes after the searches that use
 * it. Safe for use by several threads.
 */
public final class GuidancePair implements Guide, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GuidancePair.class);

  private final CausalModel tuned;
  private final CausalModel untuned;
  private final PromptFormat promptFormat;
  private final PairCheck check;

  private GuidancePair(CausalModel tuned, CausalModel untuned, PromptFormat promptFormat) {
    this.tuned = tuned;
    this.untuned = untuned;
    this.promptFormat = promptFormat;
    this.check = PairCheck.of(tuned, untuned);
  }

  /**
   * Loads a pair that sees prompts as they are.
   *
   * @param tuned reference of the tuned model: a directory or {@code embedded:NAME}
   * @param untuned reference of the model it was tuned from
   * @throws dev.w2s.model.files.InvalidModelException if a model is missing or damaged, or the two
   *     do not make a pair
   */
  public static GuidancePair load(String tuned, String untuned) {
    return load(tuned, untuned, Placement.AUTO, PromptFormat.raw());
  }

  /**
   * Loads a pair.
   *
   * @param tuned reference of the tuned model: a directory or {@code embedded:NAME}
   * @param untuned reference of the model it was tuned from
   * @param placement device and type of both
   * @param promptFormat how both see a prompt
   * @throws dev.w2s.model.files.InvalidModelException if a model is missing or damaged, or the two
   *     do not make a pair
   */
  public static GuidancePair load(
      String tuned, String untuned, Placement placement, PromptFormat promptFormat) {
    CausalModel first = CausalModel.load(tuned, placement);
    try {
      CausalModel second = CausalModel.load(untuned, placement);
      try {
        return checked(new GuidancePair(first, second, promptFormat));
      } catch (RuntimeException | Error e) {
        second.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  private static GuidancePair checked(GuidancePair pair) {
    if (!pair.check.valid()) {
      throw pair.check.toException(pair.tuned.reference(), pair.untuned.reference());
    }
    if (!pair.check.warnings().isEmpty() && LOG.isWarnEnabled()) {
      LOG.warn(
          "pair {} / {}: {}",
          pair.tuned.reference(),
          pair.untuned.reference(),
          pair.check.warnings().stream().collect(Collectors.joining("; ")));
    }
    return pair;
  }

  /** The tuned model; closed with the pair. */
  public CausalModel tuned() {
    return tuned;
  }

  /** The untuned model; closed with the pair. */
  public CausalModel untuned() {
    return untuned;
  }

  /** What was found when the two were compared at loading. */
  public PairCheck check() {
    return check;
  }

  /** The pair's tokenizer; closed with the pair. */
  public ModelTokenizer tokenizer() {
    return untuned.tokenizer();
  }

  /** Opens a scorer by the log-ratio; see {@link #openSession} for what it throws. */
  @Override
  public CandidateScorer open(Prompt prompt) {
    return new LogRatioScorer(openSession(prompt));
  }

  /**
   * Opens a session for responses to a prompt.
   *
   * @param prompt shown to both models in the pair's own format
   * @throws IllegalArgumentException if the format cannot show such a prompt, or it has no tokens
   * @throws dev.w2s.model.PositionLimitException if it is longer than a model's positions
   */
  public PairSession openSession(Prompt prompt) {
    Rendered seen = promptFormat.render(prompt);
    ScoringSession first = tuned.openScoring(seen);
    try {
      return new PairSession(first, untuned.openScoring(seen));
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try (tuned;
        untuned) {
      // closes both, whatever the first one throws
    }
  }
}
