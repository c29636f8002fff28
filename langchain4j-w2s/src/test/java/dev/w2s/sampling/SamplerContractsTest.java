// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.output.Response;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.StopStrings;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.search.CandidateSampler;
import dev.w2s.testkit.CandidateSamplerContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** The library's own samplers keep the contract that others are asked to keep. */
class SamplerContractsTest {

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OfAModelInThisProcess extends CandidateSamplerContract {
    private CausalModel model;

    @BeforeAll
    void load() {
      model = CausalModel.load("embedded:movie-reviews/untuned");
    }

    @AfterAll
    void close() {
      model.close();
    }

    @Override
    protected CandidateSampler open() {
      SamplingParameters sampling = new SamplingParameters(1, 50, 1, List.of("zz"));
      return LocalModelSampler.open(model, Rendered.raw("This movie was"), sampling, 3);
    }
  }

  @Nested
  class OfAnyLanguageModel extends CandidateSamplerContract {
    @Override
    protected CandidateSampler open() {
      return new LanguageModelSampler(
          prompt -> Response.from(" one two three four five"),
          "P:",
          (text, tokens) ->
              new ChunkCutter.Chunk(text.substring(0, Math.min(tokens, text.length())), tokens),
          new StopStrings(List.of("six")),
          new ParallelCalls(3, null));
    }
  }
}
