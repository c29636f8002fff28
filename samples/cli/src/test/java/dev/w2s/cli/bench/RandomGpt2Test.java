// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.cli.Golden;
import dev.w2s.model.CausalModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RandomGpt2Test {
  private static final Path TOKENIZER = Path.of(Golden.model("gpt2-scaled"));

  @Test
  void isAModelThatLoadsAndLeavesNothingBehind() throws IOException {
    RandomGpt2.Shape shape = new RandomGpt2.Shape(2, 16, 2, 32, 500);
    Path directory;
    try (RandomGpt2 written = RandomGpt2.write(shape, 1, TOKENIZER);
        CausalModel model = CausalModel.load(written.directory().toString())) {
      directory = written.directory();
      assertThat(model.summary().layers()).isEqualTo(2);
      assertThat(model.summary().vocabulary()).isEqualTo(500);
    }
    assertThat(directory).doesNotExist();
  }

  @Test
  void theSmallShapeIsGpt2Small() {
    // The number that Hugging Face transformers gives for openai-community/gpt2.
    long parameters =
        RandomGpt2.Shape.SMALL.tensors().values().stream()
            .mapToLong(
                shape ->
                    shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact))
            .sum();
    assertThat(parameters).isEqualTo(124_439_808);
  }
}
