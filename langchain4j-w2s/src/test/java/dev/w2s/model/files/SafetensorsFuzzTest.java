// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged headers are refused by one kind of exception, whatever the damage. */
class SafetensorsFuzzTest {
  private static final int MUTANTS = 4_000;
  private static final Path FILE = Path.of("model.safetensors");
  private static final long DATA_BYTES = 64;

  private static final String HEADER =
      """
      {"__metadata__":{"format":"pt"},\
      "h.0.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]},\
      "h.0.bias":{"dtype":"BF16","shape":[8],"data_offsets":[32,48]},\
      "größe":{"dtype":"I64","shape":[2],"data_offsets":[48,64]}}""";

  /** What mutations put in: JSON's own characters and numbers at the edges. */
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u0000",
          "-",
          ".",
          "e9",
          "0",
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "-1",
          "1e400",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551616",
          "\"F32\"",
          "\"__metadata__\":",
          "\u00e9");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void onlyInvalidModelExceptionsComeOut(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutate(HEADER.getBytes(UTF_8), random);
      try {
        SafetensorsHeader.parse(FILE, ByteBuffer.wrap(mutant), DATA_BYTES)
            .values()
            .forEach(SafetensorsFuzzTest::assertWithinTheFile);
        accepted++;
      } catch (InvalidModelException e) {
        assertThat(e).hasMessageStartingWith(FILE + ": ");
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ", mutant " + i + ": " + new String(mutant, UTF_8), e);
      }
    }
    assertThat(accepted).as("mutants that are still well-formed").isBetween(1, MUTANTS / 2);
  }

  private static void assertWithinTheFile(StoredTensor tensor) {
    assertThat(tensor.begin()).isBetween(0L, DATA_BYTES);
    assertThat(tensor.end()).isBetween(tensor.begin(), DATA_BYTES);
    long elements = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
    assertThat(elements * tensor.type().bits()).isEqualTo(8 * (tensor.end() - tensor.begin()));
  }

  private static byte[] mutate(byte[] bytes, SplittableRandom random) {
    byte[] mutant = bytes;
    int mutations = 1 + random.nextInt(3);
    for (int i = 0; i < mutations; i++) {
      int from = random.nextInt(mutant.length + 1);
      int to = Math.min(mutant.length, from + random.nextInt(1 + random.nextInt(12)));
      mutant = splice(mutant, from, to, piece(bytes, random));
    }
    return mutant;
  }

  /** A piece from the list, a random byte, a part of the header itself, or nothing. */
  private static byte[] piece(byte[] bytes, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8);
      case 1 -> new byte[] {(byte) random.nextInt(256)};
      case 2 -> {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + random.nextInt(40));
        yield Arrays.copyOfRange(bytes, from, to);
      }
      default -> new byte[0];
    };
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
    return ByteBuffer.allocate(from + piece.length + bytes.length - to)
        .put(bytes, 0, from)
        .put(piece)
        .put(bytes, to, bytes.length - to)
        .array();
  }
}
