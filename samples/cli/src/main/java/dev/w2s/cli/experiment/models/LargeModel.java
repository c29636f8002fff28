// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.models;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.EmulatedFineTuning;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.experiment.plan.Sampling;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.OpenAiCompatible;
import org.jspecify.annotations.Nullable;

/** A model that writes. */
public sealed interface LargeModel {

  /** A model that writes so, but for its guides and the search. */
  WeakToStrongLanguageModel.Builder builder(Sampling sampling, long seed);

  /**
   * In this process.
   *
   * @param format how it sees a prompt
   */
  record Local(CausalModel model, PromptFormat format) implements LargeModel {
    @Override
    public WeakToStrongLanguageModel.Builder builder(Sampling sampling, long seed) {
      return WeakToStrongLanguageModel.builder()
          .delegate(languageModel(sampling, seed))
          .promptFormat(format);
    }

    private LocalLanguageModel languageModel(Sampling sampling, @Nullable Long seed) {
      SamplingParameters parameters =
          new SamplingParameters(
              requireNonNullElse(sampling.temperature(), Sampling.PAPERS_TEMPERATURE),
              requireNonNullElse(sampling.topK(), Sampling.PAPERS_TOP_K),
              requireNonNullElse(sampling.topP(), 1.0),
              sampling.stop());
      return new LocalLanguageModel(model, parameters, sampling.maxTokens(), seed);
    }
  }

  /**
   * In this process, and steered by a pair at every token.
   *
   * @param writer draws as the method has it
   */
  record Steered(dev.w2s.sampling.LargeModel writer) implements LargeModel {

    /**
     * Compares the tokens of the three models, once for all samples.
     *
     * @throws dev.w2s.model.files.InvalidModelException if they are not the same
     */
    public static Steered of(Local base, GuidancePair pair, double beta, Sampling sampling) {
      return new Steered(
          EmulatedFineTuning.of(
              base.languageModel(sampling, /* seed= */ null), pair, beta, base.format()));
    }

    @Override
    public WeakToStrongLanguageModel.Builder builder(Sampling sampling, long seed) {
      return WeakToStrongLanguageModel.builder().largeModel(writer).seed(seed);
    }
  }

  /** Behind a server, which is told what the file says and nothing else. */
  record Served(OpenAiCompatible model) implements LargeModel {
    @Override
    public WeakToStrongLanguageModel.Builder builder(Sampling sampling, long seed) {
      return WeakToStrongLanguageModel.builder()
          .largeModel(model)
          .temperature(sampling.temperature())
          .topK(sampling.topK())
          .topP(sampling.topP())
          .stop(sampling.stop().isEmpty() ? null : sampling.stop())
          .seed(seed);
    }
  }
}
