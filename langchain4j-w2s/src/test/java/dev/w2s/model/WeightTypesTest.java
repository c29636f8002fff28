// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.files.Safetensors;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of every type are loaded to memory in every type. */
class WeightTypesTest {

  static Stream<Arguments> modelsAndTypes() {
    return Stream.of("gpt2-untied", "llama-tied-bf16", "llama-gqa", "tuned")
        .flatMap(
            name ->
                Stream.of(
                    // Rounding to 8 bits of precision errs by up to 2^-9 of a logit: some
                    // hundredths
                    // of a nat for the logits around 10 that these models have. 11 bits, an eighth.
                    Arguments.of(name, WeightType.BFLOAT16, 0.1),
                    Arguments.of(name, WeightType.FLOAT16, 0.1 / 8),
                    // 8 bits for the largest of a row, 4 for the spread of 32: on matrices of
                    // random numbers, which are the hardest to round.
                    Arguments.of(name, WeightType.INT8, 0.2),
                    Arguments.of(name, WeightType.INT4, 1.0)));
  }

  /** The mean error of a token's log-probability, against transformers in float32. */
  @ParameterizedTest
  @MethodSource("modelsAndTypes")
  void smallTypesScoreNearFloat32(String name, WeightType type, double tolerance) {
    List<JsonNode> rows = Golden.rows("token-logprobs.json", "sequences", name).toList();
    JsonNode row = rows.get(rows.size() - 1);
    List<Double> expected = Golden.numbers(row.get("logprobs"));
    try (LoadedModel decoder = Golden.load(Golden.reference(name), new Placement("cpu", type))) {
      List<Double> nats = TokenScores.of(decoder, Golden.tokens(row.get("tokens")));
      double error = 0;
      for (int i = 0; i < nats.size(); i++) {
        error += Math.abs(nats.get(i) - expected.get(i)) / nats.size();
      }
      assertThat(error).isGreaterThan(1e-6).isLessThan(tolerance);
      assertThat(decoder.summary().type()).isEqualTo(type);
      assertThat(decoder.liveTensors()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("modelsAndTypes")
  void smallTypesGenerate(String name, WeightType type, double ignoredTolerance) {
    try (CausalModel model = CausalModel.load(Golden.reference(name), new Placement("cpu", type));
        GenerationSession session =
            model.openGeneration(Rendered.raw("The movie"), SamplingParameters.DEFAULT, 1)) {
      session
          .extend(List.of(new Extension(session.start(), 4, 8)))
          .get(0)
          .forEach(drawn -> assertThat(drawn.drawn()).isBetween(1, 8));
      assertThat(model.liveTensors()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-untied", "llama-tied-bf16", "llama-gqa"})
  void autoIsFloat32OnACpuWhateverTheFilesHave(String name) {
    try (CausalModel model =
        CausalModel.load(Golden.reference(name), new Placement("cpu", WeightType.AUTO))) {
      assertThat(model.summary().type()).isEqualTo(WeightType.FLOAT32);
      assertThat(model.summary().device()).isEqualTo("cpu");
    }
  }

  /** A bfloat16 has the upper half of a float32's bits, so this file says the same values. */
  @Test
  void aBfloat16FileEqualsTheFloat32FileOfItsValues(@TempDir Path directory) {
    ModelDirectory bfloat16 =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("bf16"))
            .weights(weights -> map(weights, Safetensors.Tensor::toBfloat16));
    ModelDirectory float32 =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("f32"))
            .weights(weights -> map(weights, WeightTypesTest::lowerHalvesCleared));
    TokenIds tokens = TokenIds.of(1, 20, 300, 7, 7, 255);
    try (LoadedModel narrow = load(bfloat16);
        LoadedModel wide = load(float32);
        LoadedModel whole = Golden.decoder("llama-gqa")) {
      List<Double> expected = TokenScores.of(wide, tokens);
      assertThat(TokenScores.of(narrow, tokens)).isEqualTo(expected);
      assertThat(TokenScores.of(whole, tokens)).isNotEqualTo(expected);
    }
  }

  private static LoadedModel load(ModelDirectory model) {
    return Golden.load(model.path().toString(), Golden.CPU_FLOAT32);
  }

  private static Safetensors map(Safetensors weights, UnaryOperator<Safetensors.Tensor> change) {
    Safetensors changed = weights;
    for (String name : weights.tensors().keySet()) {
      changed = changed.change(name, change);
    }
    return changed;
  }

  private static Safetensors.Tensor lowerHalvesCleared(Safetensors.Tensor tensor) {
    byte[] bytes = tensor.bytes();
    for (int i = 0; i < bytes.length; i += 4) {
      bytes[i] = 0;
      bytes[i + 1] = 0;
    }
    return new Safetensors.Tensor(tensor.type(), tensor.shape(), bytes);
  }

  @Test
  void bytesAreThoseOfTheWeightsAndOfTheNumbersBesideThem() {
    long width = 30;
    long matrices = 2 * 12 * width * width;
    long rows = 2 * (3 + 1 + 4 + 1) * width;
    long vectors = 48 * width + 2 * width + 2 * (4 * width + 9 * width);
    assertThat(bytes(WeightType.FLOAT32)).isEqualTo(4 * (matrices + 300 * width + vectors));
    assertThat(bytes(WeightType.FLOAT16)).isEqualTo(2 * (matrices + 300 * width + vectors));
    int beside = ComputeDevice.of(Device.cpu()).computeType(WeightType.INT8).bytes();
    long eight = matrices + 300 * width + beside * (rows + 300 + vectors);
    assertThat(bytes(WeightType.INT8)).isEqualTo(eight);
    assertThat(bytes(WeightType.INT4)).as("30 and 120 are no multiples of 32").isEqualTo(eight);
  }

  /** Four layers of width 192, whose matrices take half a byte a weight; 8,192 tokens keep one. */
  @Test
  void fourBitsTakeHalfAByteAndTwoNumbersForEach32() {
    long width = 192;
    long matrices = 4 * 12 * width * width;
    long vectors = 512 * width + 2 * width + 4 * (4 * width + 9 * width);
    int beside = ComputeDevice.of(Device.cpu()).computeType(WeightType.INT4).bytes();
    assertThat(ModelSummary.read(Golden.reference("tuned"), cpu(WeightType.INT4)).bytes())
        .isEqualTo(matrices / 2 + 8_192 * width + beside * (2 * matrices / 32 + 8_192 + vectors));
  }

  private static long bytes(WeightType type) {
    return ModelSummary.read(Golden.reference("gpt2-odd"), cpu(type)).bytes();
  }

  private static Placement cpu(WeightType type) {
    return new Placement("cpu", type);
  }

  @Test
  void parametersAreCountedOnce() {
    try (CausalModel model = Golden.model("gpt2-odd")) {
      // wte, wpe, ln_f; two layers of two norms, attention in 3 + 1 and feed-forward in 4 + 4 parts
      long width = 30;
      long layer = 2 * 2 * width + 4 * (width * width + width) + 8 * width * width + 5 * width;
      assertThat(model.summary().parameters())
          .isEqualTo((300 + 48) * width + 2 * width + 2 * layer);
    }
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                CausalModel.load(
                    Golden.reference("gpt2-odd"), new Placement("cuda:99", WeightType.AUTO)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("device is 'cuda:99'; this machine has \\d+ usable GPUs");
  }

  /** The default is the first GPU or the CPU; either must give transformers' numbers. */
  @Test
  void theDefaultPlacementScores() {
    JsonNode row = Golden.rows("scores.json", "scores", "llama-gqa").findFirst().orElseThrow();
    try (CausalModel model = CausalModel.load(Golden.reference("llama-gqa"));
        ScoringSession session = model.openScoring(Rendered.raw(row.get("prompt").asText()))) {
      ScoringSession.Response response =
          new ScoringSession.Response(
              row.get("response").asText(), row.get("ended").booleanValue());
      assertThat(session.score(List.of(response)).get(0).logProbability())
          .isCloseTo(row.get("logprob").doubleValue(), within(1e-3));
    }
  }
}
