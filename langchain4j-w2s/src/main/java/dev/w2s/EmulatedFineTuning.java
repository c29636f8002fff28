// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairCheck;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.LargeModel;

/**
 * Emulated fine-tuning (Mitchell et al. 2023): a large model in this process, each of whose tokens
 * is drawn from {@code log base + beta * (log tuned - log untuned)}. It needs models of one
 * vocabulary and their logits, where a search needs texts alone; in turn it draws one response
 * where a search draws many.
 *
 * <p>It is a large model like any other: with {@link dev.w2s.search.SearchSettings#plainSampling}
 * it is the decoder of that name, with {@link dev.w2s.search.SearchSettings#chunkBeam chunkBeam(1,
 * 1, L)} the same, streamed every L tokens; under guides it is searched as well. The
 * log-probability of what it draws is the base's, not the steered one's.
 *
 * <pre>{@code
 * LanguageModel steered =
 *     WeakToStrongLanguageModel.builder()
 *         .largeModel(EmulatedFineTuning.of(base, pair, 1))
 *         .settings(SearchSettings.plainSampling().withMaxTokens(50))
 *         .build();
 * }</pre>
 */
public final class EmulatedFineTuning {
  private EmulatedFineTuning() {}

  /**
   * A model that sees prompts as they are.
   *
   * @param base stays the caller's, and so do its sampling settings, which hold where a request
   *     says nothing
   * @param pair stays the caller's; sees prompts in its own way
   * @param beta how strongly the pair steers: 0 not at all, and it is not run; 1 as if the large
   *     model had been tuned as the small one was; any finite number
   * @throws dev.w2s.model.files.InvalidModelException if the pair lacks a token of the base, or has
   *     it under another number
   * @throws IllegalArgumentException if beta is not finite
   */
  public static LargeModel of(LocalLanguageModel base, GuidancePair pair, double beta) {
    return of(base, pair, beta, PromptFormat.raw());
  }

  /**
   * The same with a base that sees prompts in its own way.
   *
   * @param format how it does
   * @throws RuntimeException as {@link #of(LocalLanguageModel, GuidancePair, double)} does
   */
  public static LargeModel of(
      LocalLanguageModel base, GuidancePair pair, double beta, PromptFormat format) {
    if (!Double.isFinite(beta)) {
      throw new IllegalArgumentException("beta is " + beta + "; it must be a finite number");
    }
    pair.requireTokensOf(base.model());
    return LargeModel.steered(base, format, prompt -> pair.steering(prompt, beta));
  }

  /**
   * Compares the tokens of three models before any weights are loaded.
   *
   * @param base reference of the large model: a directory, {@code embedded:NAME} or {@code
   *     hf:ORG/NAME[@REVISION]}
   * @param tuned the same of the tuned model
   * @param untuned the same of the untuned one
   * @throws dev.w2s.model.files.InvalidModelException if a file is missing or damaged, or a small
   *     model lacks a token of the base, or has it under another number
   */
  public static void requireOneVocabulary(String base, String tuned, String untuned) {
    try (ModelFiles large = ModelFiles.read(base);
        ModelFiles second = ModelFiles.read(untuned);
        ModelFiles first = ModelFiles.read(tuned, second)) {
      PairCheck.requireTokensOf(large, first);
      PairCheck.requireTokensOf(large, second);
    }
  }
}
