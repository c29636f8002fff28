// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static dev.w2s.model.gguf.GgufBytes.ARRAY;
import static dev.w2s.model.gguf.GgufBytes.STRING;
import static dev.w2s.model.gguf.GgufBytes.UINT32;
import static dev.w2s.model.gguf.GgufBytes.UINT8;
import static dev.w2s.model.gguf.GgufBytes.ints;
import static dev.w2s.model.gguf.GgufBytes.joined;
import static dev.w2s.model.gguf.GgufBytes.longs;
import static dev.w2s.model.gguf.GgufBytes.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.PositionedFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers with one thing wrong: the error names the file, the value and the rule. */
class GgufHeaderTest {
  private static final long HUGE = Long.MAX_VALUE;

  @TempDir private Path directory;

  private GgufHeader read(byte[] bytes) {
    Path file = GgufBytes.write(directory.resolve("model.gguf"), bytes);
    try (PositionedFile channel = PositionedFile.open(file)) {
      return GgufHeader.read(channel);
    }
  }

  private static Arguments broken(String message, UnaryOperator<GgufBytes> change) {
    return Arguments.of(message, change);
  }

  static Stream<Arguments> brokenFiles() {
    return Stream.of(
        broken("is of GGUF version 1; it must be 2 or 3", file -> file.version(1)),
        broken("is of GGUF version 4; it must be 2 or 3", file -> file.version(4)),
        broken("big-endian", file -> file.version(3 << 24)),
        broken("x has type 13, which is unknown", file -> file.raw("x", ints(13))),
        broken(
            "the length of x is 9223372036854775807, but at most",
            file -> file.raw("x", joined(ints(STRING), longs(HUGE)))),
        broken(
            "the length of x is 18446744073709551615, but at most",
            file -> file.raw("x", joined(ints(ARRAY, UINT8), longs(-1)))),
        broken(
            "the length of x is 4611686018427387904, but at most",
            file -> file.raw("x", joined(ints(ARRAY, UINT32), longs(HUGE / 2 + 1)))),
        broken("x has type 14", file -> file.raw("x", joined(ints(ARRAY, 14), longs(0)))),
        broken("too deep", file -> file.raw("x", nested(5))),
        broken("split.count is 2; it must be 1", file -> file.set("split.count", 2)),
        broken(
            "general.alignment is 24; it must be a power of two",
            file -> file.set("general.alignment", 24)),
        broken(
            "general.alignment is 0; it must be a power of two",
            file -> file.set("general.alignment", 0)),
        broken(
            "general.alignment is 'a'; it must be a whole number",
            file -> file.set("general.alignment", "a")),
        broken(
            "begins at offset 160; it must be a multiple of the alignment, 64",
            file -> file.set("general.alignment", 64)),
        broken("tensor x has 0 dimensions", file -> file.info("x", 0, 0)),
        broken("tensor x has 5 dimensions", file -> file.info("x", 0, 0, 1, 1, 1, 1, 1)),
        broken(
            "x is of type Q2_K; it must be one of F32, F16, BF16, Q4_0, ",
            file -> file.info("x", 10, 0, 256)),
        broken("tensor x is of type IQ4_NL", file -> file.info("x", 20, 0, 32)),
        broken("tensor x is of type number 99", file -> file.info("x", 99, 0, 32)),
        broken(
            "tensor x has rows of 33 elements; those of type Q8_0 must be a multiple of 32",
            file -> file.info("x", 8, 0, 33, 2)),
        broken(
            "tensor x has shape [9223372036854775807, 32], which is too large",
            file -> file.info("x", 8, 0, 32, HUGE)),
        broken("which is too large", file -> file.info("x", 0, 0, -1)),
        broken("which is too large", file -> file.info("x", 0, 0, HUGE)),
        broken(
            "tensor x takes 400000 bytes at offset 0, but only",
            file -> file.info("x", 0, 0, 100_000)),
        broken("begins at offset 4; it must be a multiple", file -> file.info("x", 0, 4, 1)),
        broken("begins at offset 18446744073709551584", file -> file.info("x", 0, -32, 1)),
        broken(
            "takes 4 bytes at offset 9223372036854775776", file -> file.info("x", 0, HUGE - 31, 1)),
        broken("begins before the end of the tensor before it", file -> file.info("x", 0, 0, 1)),
        broken(
            "tensor token_embd.weight is given twice",
            file -> file.tensor("token_embd.weight", new float[1], 1)));
  }

  private static ByteBuffer nested(int depth) {
    ByteBuffer array = joined(ints(UINT8), longs(0));
    for (int i = 0; i < depth; i++) {
      array = joined(ints(ARRAY), longs(1), array);
    }
    return joined(ints(ARRAY), array);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenFiles")
  void brokenFilesAreRefused(String message, UnaryOperator<GgufBytes> change) {
    byte[] bytes = change.apply(GgufBytes.llama("llama")).bytes();
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(directory.resolve("model.gguf") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void keysThatAreGivenTwiceAreRefused() {
    byte[] bytes = GgufBytes.llama("llama").set("xx", 1).set("xy", 1).bytes();
    String text = new String(bytes, ISO_8859_1);
    bytes[text.indexOf("xy") + 1] = 'x';
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("key xx is given twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GGU", "ggml\1\0\0\0", "{\"a\": 1}"})
  void whatIsNoGgufFileIsRefused(String text) {
    assertThatThrownBy(() -> read(text.getBytes(UTF_8)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("does not begin with GGUF");
  }

  @Test
  void gitLfsPointersAreNamed() {
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n".getBytes(UTF_8);
    assertThatThrownBy(() -> read(pointer))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("is a Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void valuesOfAllTypesAreRead(int version) {
    ByteBuffer wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.1).flip();
    GgufMetadata metadata =
        read(GgufBytes.llama("llama")
                .version(version)
                .raw("u8", joined(ints(0), ByteBuffer.wrap(new byte[] {-1})))
                .raw("i8", joined(ints(1), ByteBuffer.wrap(new byte[] {-1})))
                .raw("u16", joined(ints(2), ByteBuffer.wrap(new byte[] {-1, -1})))
                .raw("i16", joined(ints(3), ByteBuffer.wrap(new byte[] {-2, -1})))
                .raw("u32", ints(4, -1))
                .raw("i32", ints(5, -1))
                .set("f32", 1e-5f)
                .set("bool", true)
                .set("string", "größe")
                .raw("u64", joined(ints(10), longs(7)))
                .raw("i64", joined(ints(11), longs(-7)))
                .raw("f64", joined(ints(12), wide))
                .raw("deep", nested(3))
                .set("texts", List.of("a", "", "größe"))
                .floats("floats", 0.1f, -0f)
                .bytes())
            .metadata();
    assertThat(metadata.values())
        .containsEntry("u8", 255L)
        .containsEntry("i8", -1L)
        .containsEntry("u16", 65535L)
        .containsEntry("i16", -2L)
        .containsEntry("u32", 4294967295L)
        .containsEntry("i32", -1L)
        .containsEntry("f32", 1e-5)
        .containsEntry("bool", true)
        .containsEntry("string", "größe")
        .containsEntry("u64", 7L)
        .containsEntry("i64", -7L)
        .containsEntry("f64", 0.1)
        .containsEntry("texts", List.of("a", "", "größe"))
        .doesNotContainKey("deep");
    GgufArray floats = metadata.array("floats");
    assertThat(floats).isNotNull();
    assertThat(floats.size()).isEqualTo(2);
    assertThat(floats.get(0)).isEqualTo(0.1);
    assertThat(floats.get(1)).isEqualTo(-0.0);
  }

  /** The header's buffer holds 65,536 bytes; values cross its end wherever they may. */
  @Test
  void longHeadersAreRead() {
    List<String> tokens = Stream.iterate("x", text -> text + "y").limit(600).toList();
    GgufBytes file = GgufBytes.llama("llama").set("tokens", tokens).set("last", 42);
    GgufMetadata metadata = read(file.bytes()).metadata();
    assertThat(metadata.texts("tokens")).isEqualTo(tokens);
    assertThat(metadata.integer("last")).isEqualTo(42);
  }

  @Test
  void tensorsStandWhereTheHeaderSays() {
    GgufHeader header = read(GgufBytes.llama("llama").bytes());
    GgufTensor keys = header.tensors().get("blk.0.attn_k.weight");
    assertThat(keys.shape()).containsExactly(4L, 8L);
    assertThat(keys.type()).isEqualTo(TensorType.F32);
    assertThat(keys.bytes()).isEqualTo(128);
    assertThat(keys.start() % 32).isZero();
  }

  @Test
  void whatIsSaidOfTheFileAsItIsDoesNoHarm() {
    byte[] bytes =
        GgufBytes.llama("llama").set("split.count", 1).set("general.alignment", 32).bytes();
    assertThat(read(bytes).tensors()).hasSize(11);
  }

  /** As in ggml's reader, which refuses negative dimensions alone. */
  @Test
  void aTensorMayHoldNothing() {
    GgufHeader header = read(GgufBytes.llama("llama").tensor("x", new float[0], 0).bytes());
    assertThat(header.tensors().get("x").bytes()).isZero();
  }

  @Test
  void aFileThatEndsIsSaidToBeCutOff() {
    assertThatThrownBy(() -> read("GGUF".getBytes(UTF_8)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(
            "the version takes 4 bytes, but 0 are left at byte 4; the file is cut off or damaged");
  }

  @Test
  void aFileThatLacksItsLastBytesIsSaidToBeCutOff() {
    byte[] whole = GgufBytes.llama("llama").bytes();
    byte[] cut = Arrays.copyOf(whole, whole.length - 4);
    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(
            "tensor blk.0.ffn_down.weight takes 128 bytes", "the file is cut off or damaged");
  }

  @Test
  void aTensorHasFourDimensionsAtMost() {
    GgufBytes file = GgufBytes.llama("llama").tensor("x", new float[24], 4, 3, 2, 1);
    assertThat(read(file.bytes()).tensors().get("x").shape()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void tensorsComeInTheOrderOfTheirBytes() {
    byte[] file =
        new GgufBytes()
            .info("last", 0, 64, 8)
            .tensor("first", new float[8], 8)
            .tensor("second", new float[8], 8)
            .bytes();
    assertThat(read(Arrays.copyOf(file, file.length + 32)).tensors().keySet())
        .containsExactly("first", "second", "last");
  }

  /** A sparse file takes no space on the disks of the systems that the tests run on. */
  @Test
  void aHeaderIsOnlySoLong() throws IOException {
    byte[] bytes = GgufBytes.llama("llama").raw("x", joined(ints(STRING), longs(HUGE))).bytes();
    Path file = GgufBytes.write(directory.resolve("model.gguf"), bytes);
    try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
      longer.setLength(HeaderReader.MOST_BYTES + 1);
    }
    try (PositionedFile channel = PositionedFile.open(file)) {
      assertThatThrownBy(() -> GgufHeader.read(channel))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("the length of x is 9223372036854775807, but at most")
          .hasMessageEndingWith(" of the 67108864 that a header may have");
    }
  }

  /**
   * A header of one key ends behind a length at byte 45, or 49 with an array's type, and is filled
   * up to 64.
   */
  @ParameterizedTest
  @CsvSource({
    "STRING, 19, 20, at most 19 can follow in the 19 bytes that are left",
    "ARRAY, 3, 4, at most 3 can follow in the 15 bytes that are left",
  })
  void whatIsSaidToFollowMustHaveRoom(String type, long most, long more, String message) {
    ByteBuffer start = type.equals("ARRAY") ? ints(ARRAY, UINT32) : ints(STRING);
    GgufBytes file = new GgufBytes().raw("x", joined(start, longs(most)));
    assertThat(read(file.bytes()).metadata().has("x")).isTrue();
    byte[] broken = file.raw("x", joined(start, longs(more))).bytes();
    assertThatThrownBy(() -> read(broken))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("the length of x is " + more + ", but " + message);
  }

  @Test
  void aValueThatIsCutOffIsNamed() {
    byte[] cut = Arrays.copyOf(new GgufBytes().raw("x", ints(UINT32)).bytes(), 39);
    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("x takes 4 bytes, but 2 are left at byte 37; the file is cut off");
  }

  /** Names are compared with others; of a text what is no character is a question mark. */
  @Test
  void namesAreUtf8AndTextsNeedNotBe() {
    byte[] bytes = GgufBytes.llama("llama").set("xy", "z~").bytes();
    String text = new String(bytes, ISO_8859_1);
    bytes[text.indexOf("z~") + 1] = (byte) 0xE9;
    assertThat(read(bytes).metadata().text("xy")).isEqualTo("z\uFFFD");
    bytes[text.indexOf("xy") + 1] = (byte) 0xE9;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(" is not UTF-8");
  }
}
