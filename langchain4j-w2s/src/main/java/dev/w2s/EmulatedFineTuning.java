// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.LargeModel;

/**
 * Emulated fine-tuning (Mitchell et al. 2023): a large model in this process, each of whose tokens
 * is drawn from {@code log base + beta * (log tuned - log untuned)}. It needs models of one
 * vocabulary and their logits, where a search needs texts alone; in turn it draws one response
 * where a search draws many.
 *
 * <p>It is a large model like any other: with {@link dev.w2s.search.SearchSettings#plainSampling}
 * it is the decoder of that name; under guides it is searched as well.
 */
public final class EmulatedFineTuning {
  private EmulatedFineTuning() {}

  /**
   * A model that sees prompts as they are.
   *
   * @param base stays the caller's, and so do its sampling settings, which hold where a request
   *     says nothing
   * @param pair stays the caller's; sees prompts in its own way
   * @param beta how strongly the pair steers: 0 not at all, 1 as if the large model had been tuned
   *     as the small one was; any finite number
   * @throws dev.w2s.model.files.InvalidModelException if the pair has other tokens than the base
   * @throws IllegalArgumentException if beta is not finite
   */
  public static LargeModel of(LocalLanguageModel base, GuidancePair pair, double beta) {
    return of(base, pair, beta, PromptFormat.raw());
  }

  /**
   * The same with a base that sees prompts in its own way.
   *
   * @param format how it does
   * @throws dev.w2s.model.files.InvalidModelException if the pair has other tokens than the base
   * @throws IllegalArgumentException if beta is not finite
   */
  public static LargeModel of(
      LocalLanguageModel base, GuidancePair pair, double beta, PromptFormat format) {
    if (!Double.isFinite(beta)) {
      throw new IllegalArgumentException("beta is " + beta + "; it must be a finite number");
    }
    pair.requireTokensOf(base.model());
    return LargeModel.steered(base, format, prompt -> pair.steering(prompt, beta));
  }
}
