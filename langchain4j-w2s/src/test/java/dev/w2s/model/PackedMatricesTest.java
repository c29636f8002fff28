// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.Families;
import dev.w2s.model.files.Checkpoint;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Matrices in libtorch's order and in oneDNN's, whichever the machine takes by itself, give the
 * numbers of Hugging Face transformers.
 */
class PackedMatricesTest {
  private static final InferenceThread THREAD = InferenceThread.of(Device.cpu());

  @ParameterizedTest
  @CsvSource({
    "gpt2-scaled, true",
    "gpt2-scaled, false",
    "gpt2-odd, true",
    "gpt2-odd, false",
    "gpt2-untied, true",
    "gpt2-untied, false",
    "llama-gqa, true",
    "llama-gqa, false",
    "tuned, true",
    "tuned, false"
  })
  void giveTheSameNumbers(String name, boolean packs) throws IOException {
    List<JsonNode> rows = Golden.rows("token-logprobs.json", "sequences", name).toList();
    StoredModel stored = StoredModel.find(Golden.reference(name));
    DecoderConfig config = Families.read(stored.folder());
    try (Checkpoint file = Checkpoint.of(stored.openWeights())) {
      THREAD.run(
          () -> {
            try (DecoderProgram program = DecoderProgram.load(config, THREAD, packs)) {
              new WeightLoader(file, config).load(program, WeightType.FLOAT32, WeightType.FLOAT32);
              rows.forEach(row -> assertScores(program, config, row));
              assertThat(program.liveTensors()).isZero();
            }
          });
    }
  }

  private static void assertScores(DecoderProgram program, DecoderConfig config, JsonNode row) {
    int cacheBlock = 0;
    try (DecoderSession session = new DecoderSession(program, config, "a model", cacheBlock)) {
      List<Double> nats = TokenScores.of(session, Golden.tokens(row.get("tokens")));
      List<Double> expected = Golden.numbers(row.get("logprobs"));
      assertThat(nats).hasSameSizeAs(expected);
      for (int i = 0; i < nats.size(); i++) {
        assertThat(Math.abs(nats.get(i) - expected.get(i))).as("token %d", i + 1).isLessThan(1e-4);
      }
    }
  }
}
