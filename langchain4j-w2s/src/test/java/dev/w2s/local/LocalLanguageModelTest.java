// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.KnownLogits;
import dev.w2s.model.SamplingParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLanguageModelTest {
  @TempDir private Path directory;

  /** A model that says t1 for ever. */
  private CausalModel sayingT1() {
    return CausalModel.load(KnownLogits.write(directory, 0, 9, 1).toString(), Golden.CPU_FLOAT32);
  }

  private static SamplingParameters greedy(String... stop) {
    return new SamplingParameters(0, 0, 1, List.of(stop));
  }

  @Test
  void continuesThePrompt() {
    try (CausalModel model = sayingT1()) {
      var response = new LocalLanguageModel(model, greedy(), 3, 1L).generate("t0 t2");
      assertThat(response.content()).isEqualTo(" t1 t1 t1");
      assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(2);
      assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(3);
      assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(new LocalLanguageModel(model, greedy("t1"), 3, null).generate("t0").finishReason())
          .isEqualTo(FinishReason.STOP);
      assertThatThrownBy(() -> new LocalLanguageModel(model, greedy(), 0, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxTokens is 0; it must be at least 1");
    }
  }

  /** The penalty counts what is drawn: t1 costs 3 a time and presence 0.5 once, t2 comes next. */
  @Test
  void penaltiesGrowWithTheResponse() {
    try (CausalModel model =
        CausalModel.load(
            KnownLogits.write(directory, 0, 5, 3.9, 2.1).toString(), Golden.CPU_FLOAT32)) {
      SamplingParameters how = new SamplingParameters(0, 0, 1, 1, 0.5, List.of());
      // 5, 3.9, 2.1: t1 falls to 3.5, t2 to 2.4, t1 again to 2.5, so it comes before t2 and t3.
      assertThat(new LocalLanguageModel(model, how, 4, null).generate("t1 t1 t2").content())
          .isEqualTo(" t1 t2 t1 t1");
    }
  }

  @Test
  void streamsTheSameText() {
    try (CausalModel model = Golden.model("base")) {
      for (String stop : List.of("e", " the", "movie", "no such text")) {
        LocalLanguageModel plain =
            new LocalLanguageModel(model, new SamplingParameters(1, 0, 1, List.of(stop)), 40, 7L);
        Collected collected = new Collected();
        new LocalStreamingLanguageModel(plain, Runnable::run).generate("The movie", collected);
        Response<String> whole = plain.generate("The movie");
        assertThat(collected.errors).isEmpty();
        assertThat(collected.complete).isEqualTo(whole);
        assertThat(String.join("", collected.pieces)).isEqualTo(whole.content());
        assertThat(collected.pieces).doesNotContain("");
      }
    }
  }

  @Test
  void tellsErrorsAndGoesOnWhereACallbackFails() {
    try (CausalModel model = sayingT1()) {
      LocalStreamingLanguageModel streaming =
          new LocalStreamingLanguageModel(
              new LocalLanguageModel(model, greedy(), 2, 1L), Runnable::run);
      Collected empty = new Collected();
      streaming.generate("", empty);
      assertThat(empty.errors).singleElement().isInstanceOf(IllegalArgumentException.class);
      assertThat(empty.complete).isNull();

      IllegalStateException thrown = new IllegalStateException("the user's");
      Collected failing =
          new Collected() {
            @Override
            public void onNext(String piece) {
              super.onNext(piece);
              throw thrown;
            }
          };
      streaming.generate("t0", failing);
      assertThat(failing.pieces).containsExactly(" t1", " t1");
      assertThat(failing.errors).containsExactly(thrown, thrown);
      assertThat(failing.complete).isNotNull();
    }
  }

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
}
