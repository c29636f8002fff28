// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.local.LocalStreamingLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.Cancellation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeakToStrongStreamingLanguageModelTest {
  private static final SamplingParameters SAMPLING = new SamplingParameters(0.7, 50, 1, List.of());

  /** Takes down what it is told; the streams here run on the caller's thread. */
  private static class Collected implements StreamingResponseHandler<String> {
    final List<String> pieces = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    Response<String> complete;

    @Override
    public void onNext(String piece) {
      pieces.add(piece);
    }

    @Override
    public void onComplete(Response<String> response) {
      complete = response;
    }

    @Override
    public void onError(Throwable error) {
      errors.add(error);
    }
  }

  @Test
  void streamsWhatTheSearchFindsOverEveryKindOfDelegate() {
    try (CausalModel base = CausalModel.load("embedded:movie-reviews/base");
        GuidancePair pair =
            GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      LocalLanguageModel local = new LocalLanguageModel(base, SAMPLING, 20, 3L);
      LanguageModel any =
          new LanguageModel() {
            @Override
            public Response<String> generate(String prompt) {
              return local.generate(prompt);
            }
          };
      for (LanguageModel delegate : List.of(local, any)) {
        Response<String> whole =
            WeakToStrongLanguageModel.builder()
                .delegate(delegate)
                .pair(pair)
                .maxTokens(20)
                .build()
                .generate("This movie was");
        assertThat(streamed(builder(pair).delegate(delegate))).isEqualTo(whole);
      }
      Response<String> overStream =
          streamed(
              builder(pair)
                  .delegate(new LocalStreamingLanguageModel(local, Runnable::run))
                  .beamWidth(1)
                  .successors(2));
      assertThat(overStream.content()).isNotBlank();
    }
  }

  private static WeakToStrongStreamingLanguageModel.Builder builder(GuidancePair pair) {
    return WeakToStrongStreamingLanguageModel.builder()
        .pair(pair)
        .maxTokens(20)
        .executor(Runnable::run);
  }

  private static Response<String> streamed(WeakToStrongStreamingLanguageModel.Builder builder) {
    Collected collected = new Collected();
    builder.build().generate("This movie was", collected);
    assertThat(collected.errors).isEmpty();
    assertThat(String.join("", collected.pieces)).isEqualTo(collected.complete.content());
    return collected.complete;
  }

  @Test
  void tellsErrorsAndStopsWhenCancelled() {
    WordGuide guide = new WordGuide("good");
    IllegalStateException broken = new IllegalStateException("no answer");
    WeakToStrongStreamingLanguageModel failing =
        WeakToStrongStreamingLanguageModel.builder()
            .delegate(
                (LanguageModel)
                    prompt -> {
                      throw broken;
                    })
            .guide("good", guide, 1)
            .chunkCutter(new WordCutter())
            .executor(Runnable::run)
            .build();
    Collected collected = new Collected();
    failing.generate("?", collected);
    assertThat(collected.errors).containsExactly(broken);

    Cancellation cancellation = new Cancellation();
    Collected cut =
        new Collected() {
          @Override
          public void onNext(String piece) {
            super.onNext(piece);
            cancellation.cancel();
          }
        };
    WeakToStrongStreamingLanguageModel.builder()
        .delegate((LanguageModel) prompt -> Response.from("good good good "))
        .guide("good", guide, 1)
        .chunkCutter(new WordCutter())
        .chunkLength(1)
        .executor(Runnable::run)
        .build()
        .generate("?", cut, cancellation);
    assertThat(cut.pieces).containsExactly("good ");
    assertThat(cut.complete).isNull();
    assertThat(cut.errors).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
