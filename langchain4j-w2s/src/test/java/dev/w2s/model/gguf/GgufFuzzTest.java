// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.TensorFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files are refused by one kind of exception, whatever the damage. */
class GgufFuzzTest {
  private static final int MUTANTS = 600;
  private static final List<String> FILES =
      List.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json");

  /** What is written over a header: numbers at the edges of their types. */
  private static final List<Long> NUMBERS =
      List.of(0L, 1L, -1L, 255L, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE);

  @TempDir private Path directory;

  private byte[] whole = {};

  @BeforeEach
  void writeAWholeFile() {
    whole =
        GgufBytes.llama("llama")
            .set("llama.rope.scaling.type", "linear")
            .set("llama.rope.scaling.factor", 2f)
            .set("tokenizer.ggml.add_bos_token", true)
            .set("tokenizer.ggml.bos_token_id", 3)
            .floats("tokenizer.ggml.scores", 1, 2, 3, 4)
            .bytes();
  }

  private void readAll(byte[] bytes) {
    GgufFolder folder = GgufFolder.open(GgufBytes.write(directory.resolve("model.gguf"), bytes));
    FILES.forEach(folder::find);
    try (TensorFile weights = folder.openWeights()) {
      for (StoredTensor tensor : weights.tensors().values()) {
        long size = Math.min(tensor.end(), 1 << 16);
        weights.read(tensor, 0, ByteBuffer.allocate((int) size));
      }
    }
  }

  @Test
  void everyCutIsRefused() {
    readAll(whole);
    int step = Math.max(1, whole.length / 200);
    for (int length = 0; length < whole.length; length += step) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> readAll(cut))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(InvalidModelException.class)
          .hasMessageStartingWith(directory.resolve("model.gguf").toString());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void onlyInvalidModelExceptionsComeOut(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutate(random);
      try {
        readAll(mutant);
        accepted++;
      } catch (InvalidModelException e) {
        assertThat(e).hasMessageStartingWith(directory.resolve("model.gguf").toString());
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ", mutant " + i + ": " + HexFormat.of().formatHex(mutant), e);
      }
    }
    assertThat(accepted).as("mutants that are still well-formed").isBetween(1, MUTANTS - 1);
  }

  /** Most of the header is bytes of text and numbers; both are hit. */
  private byte[] mutate(SplittableRandom random) {
    byte[] mutant = whole.clone();
    int header = whole.length * 2 / 3;
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(header);
      if (random.nextBoolean()) {
        mutant[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        long number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        ByteBuffer bytes = GgufBytes.longs(number);
        bytes.get(mutant, at, Math.min(random.nextBoolean() ? 4 : 8, whole.length - at));
      }
    }
    return mutant;
  }
}
