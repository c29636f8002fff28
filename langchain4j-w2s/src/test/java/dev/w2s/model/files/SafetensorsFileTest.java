// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.w2s.model.ModelDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One hand-made file per rule of the format (github.com/huggingface/safetensors, "Format"), and how
 * data is read.
 */
class SafetensorsFileTest {
  private static final byte[] FOUR = {1, 2, 3, 4};

  @TempDir private Path directory;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("model.safetensors"), bytes);
  }

  private static byte[] read(SafetensorsFile file, String name, long from, int count) {
    ByteBuffer target = ByteBuffer.allocate(count);
    file.read(file.tensors().get(name), from, target);
    return target.array();
  }

  @Test
  void readsGoldenBytes() throws IOException {
    String header =
        """
        {"__metadata__":{"format":"pt"},
         "b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]},
         "a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}}   \
        """;
    try (SafetensorsFile file =
        SafetensorsFile.open(write(Safetensors.file(header, new byte[] {1, 2, 3, 4, 5, 6, 7})))) {
      assertThat(file.tensors().values())
          .containsExactly(
              new StoredTensor("a", StoredType.F16, List.of(2L, 1L), 0, 4),
              new StoredTensor("b", StoredType.U8, List.of(3L), 4, 7));
      assertThat(read(file, "a", 0, 4)).containsExactly(1, 2, 3, 4);
      assertThat(read(file, "b", 1, 2)).containsExactly(6, 7);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"__metadata__\":{}}",
        "{\"__metadata__\":null}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[5,0,7],\"data_offsets\":[0,0]},"
            + "\"b\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[0,0]}}",
      })
  void acceptsFilesWithoutData(String header) throws IOException {
    try (SafetensorsFile file =
        SafetensorsFile.open(write(Safetensors.file(header, new byte[0])))) {
      assertThat(file.tensors().values()).allSatisfy(t -> assertThat(t.end()).isZero());
    }
  }

  @Test
  void acceptsAScalarAndAnOddOffset() throws IOException {
    String header =
        "{\"flag\":{\"dtype\":\"BOOL\",\"shape\":[],\"data_offsets\":[0,1]},"
            + "\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[1,5]}}";
    try (SafetensorsFile file =
        SafetensorsFile.open(write(Safetensors.file(header, new byte[] {9, 1, 2, 3, 4})))) {
      assertThat(read(file, "scalar", 0, 4)).containsExactly(1, 2, 3, 4);
    }
  }

  /** Elements of less than a byte lie close to each other. */
  @Test
  void acceptsElementsOfLessThanAByte() throws IOException {
    String header =
        "{\"four\":{\"dtype\":\"F4\",\"shape\":[2,3],\"data_offsets\":[0,3]},"
            + "\"six\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[3,6]}}";
    try (SafetensorsFile file =
        SafetensorsFile.open(write(Safetensors.file(header, new byte[] {1, 2, 3, 4, 5, 6})))) {
      assertThat(read(file, "six", 1, 2)).containsExactly(5, 6);
    }
  }

  /** What is written is what is read, for random tensors of all types. */
  @Test
  void randomFilesAreReadAsTheyWereWritten() throws IOException {
    SplittableRandom random = new SplittableRandom(20241125);
    for (int i = 0; i < 200; i++) {
      Safetensors written = randomTensors(random);
      try (SafetensorsFile file = SafetensorsFile.open(write(written.toBytes()))) {
        assertThat(file.tensors()).hasSameSizeAs(written.tensors());
        written
            .tensors()
            .forEach(
                (name, tensor) -> {
                  StoredTensor stored = file.tensors().get(name);
                  assertThat(stored.type()).hasToString(tensor.type());
                  assertThat(stored.shape()).isEqualTo(tensor.shape());
                  assertThat(read(file, name, 0, tensor.bytes().length)).isEqualTo(tensor.bytes());
                });
      }
    }
  }

  private static Safetensors randomTensors(SplittableRandom random) {
    List<StoredType> types = List.of(StoredType.values());
    Safetensors tensors = new Safetensors(Map.of());
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      StoredType type = types.get(random.nextInt(types.size()));
      // A multiple of eight elements takes whole bytes, whatever a type's bits are.
      List<Long> shape = List.of(random.nextLong(4), 8L * (1 + random.nextInt(3)));
      byte[] data = new byte[(int) (shape.get(0) * shape.get(1) * type.bits() / 8)];
      random.nextBytes(data);
      tensors = tensors.with("tensor é." + i, new Safetensors.Tensor(type.name(), shape, data));
    }
    return tensors;
  }

  static Stream<Arguments> brokenFiles() {
    return Stream.of(
        broken("nothing at all", new byte[0], "has 0 bytes", "8 bytes of length"),
        broken("too short for a length", new byte[7], "has 7 bytes", "8 bytes of length"),
        broken(
            "a pointer of Git LFS",
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(UTF_8),
            "is a Git LFS pointer"),
        broken("length zero", length(0), "header must start with '{'"),
        broken("length beyond the file", length(1), "header length is 1 bytes, but only 0 follow"),
        broken(
            "length one byte beyond the file",
            Arrays.copyOf(Safetensors.file("{}", new byte[0]), 9),
            "header length is 2 bytes, but only 1 follow"),
        broken(
            "length of the format's limit beyond the file",
            length(100_000_000),
            "header length is 100000000 bytes, but only 0 follow"),
        broken(
            "length beyond the format's limit",
            length(100_000_001),
            "header length is 100000001 bytes",
            "at most 100000000"),
        broken(
            "length with the sign bit set",
            length(-1),
            "header length is 18446744073709551615 bytes",
            "at most 100000000"),
        broken("length of the smallest long", length(Long.MIN_VALUE), "9223372036854775808"),
        broken("space in front of the header", header(" {}"), "must start with '{'"),
        broken("a list", header("[]"), "must start with '{'"),
        broken(
            "a byte order mark",
            Safetensors.file(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '{', '}'}, FOUR),
            "must start with '{'"),
        broken(
            "not UTF-8",
            Safetensors.file(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}, FOUR),
            "header is not UTF-8"),
        broken("not JSON", header("{nonsense}"), "header is not valid JSON"),
        broken("unfinished JSON", header("{\"a\":"), "header is not valid JSON"),
        broken("something behind the JSON", header("{} x"), "header is not valid JSON"),
        broken("a second object", header("{}{}"), "header is not valid JSON"),
        broken("nested too deep", header("{\"a\":" + "[".repeat(100_000)), "not valid JSON"),
        broken(
            "a number of many digits",
            header("{\"a\":" + "1".repeat(100_000) + "}"),
            "not valid JSON"));
  }

  static Stream<Arguments> brokenMetadata() {
    return Stream.of(
        broken("a list", header("{\"__metadata__\":[]}"), "__metadata__ must be an object"),
        broken("a number", header("{\"__metadata__\":{\"a\":1}}"), "__metadata__", "holds 1"),
        broken("an object", header("{\"__metadata__\":{\"a\":{}}}"), "__metadata__", "holds {}"));
  }

  static Stream<Arguments> brokenTensors() {
    return Stream.of(
        broken("a number", header("{\"a\":1}"), "tensor a", "dtype is ''"),
        broken("null", header("{\"a\":null}"), "tensor a", "dtype is ''"),
        broken(
            "a name twice",
            header(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                    + "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}"),
            "header is not valid JSON",
            "Duplicate"),
        broken(
            "a key twice",
            header(
                "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}"),
            "Duplicate"),
        broken("type missing", tensor(null, "[1]", "[0,4]"), "tensor a", "dtype is ''"),
        broken("type unknown", tensor("\"F31\"", "[1]", "[0,4]"), "dtype is 'F31'", "unknown"),
        broken(
            "elements that do not fill their last byte",
            tensor("\"F4\"", "[3]", "[0,4]"),
            "F4 [3] takes 12 bits; it must take whole bytes"),
        broken("type in lower case", tensor("\"f32\"", "[1]", "[0,4]"), "dtype is 'f32'"),
        broken("type a number", tensor("32", "[1]", "[0,4]"), "dtype is '32'"),
        broken("shape missing", tensor("\"F32\"", null, "[0,4]"), "shape must be a list"),
        broken("shape a number", tensor("\"F32\"", "1", "[0,4]"), "shape must be a list"),
        broken("shape negative", tensor("\"F32\"", "[-1]", "[0,4]"), "shape holds -1"),
        broken("shape of fractions", tensor("\"F32\"", "[1.0]", "[0,4]"), "shape holds 1.0"),
        broken("shape of strings", tensor("\"F32\"", "[\"1\"]", "[0,4]"), "shape holds \"1\""),
        broken(
            "shape beyond 64 bits",
            tensor("\"F32\"", "[9223372036854775808]", "[0,4]"),
            "shape holds 9223372036854775808"),
        broken(
            "elements overflow",
            tensor("\"F32\"", "[4294967296,4294967296]", "[0,4]"),
            "shape [4294967296, 4294967296] is too large"),
        broken(
            "elements overflow to the right size",
            tensor("\"F32\"", "[4294967297,4294967295,9223372036854775807]", "[0,4]"),
            "is too large"),
        broken(
            "bytes overflow",
            tensor("\"F32\"", "[4611686018427387905]", "[0,4]"),
            "shape [4611686018427387905] is too large"));
  }

  static Stream<Arguments> brokenOffsets() {
    return Stream.of(
        broken("missing", tensor("\"F32\"", "[1]", null), "data_offsets must be a list"),
        broken("one", tensor("\"F32\"", "[1]", "[0]"), "data_offsets are [0]", "[begin, end]"),
        broken("three", tensor("\"F32\"", "[1]", "[0,4,4]"), "data_offsets are [0, 4, 4]"),
        broken("negative", tensor("\"F32\"", "[1]", "[-4,0]"), "data_offsets holds -4"),
        broken("reversed", tensor("\"F32\"", "[1]", "[4,0]"), "data_offsets are [4, 0]"),
        broken(
            "beyond the file",
            tensor("\"F32\"", "[2]", "[0,8]"),
            "data_offsets are [0, 8]",
            "within the 4 bytes"),
        broken(
            "too wide for the shape",
            tensor("\"F16\"", "[1]", "[0,4]"),
            "span 4 bytes, but F16 [1] takes 2"),
        broken(
            "too narrow for the shape",
            tensor("\"F32\"", "[2]", "[0,4]"),
            "span 4 bytes, but F32 [2] takes 8"),
        broken(
            "not at the start",
            tensor("\"U8\"", "[3]", "[1,4]"),
            "data_offsets begin at 1, but the tensor before ends at 0"),
        broken("bytes left over", tensor("\"U8\"", "[3]", "[0,3]"), "end at byte 3", "file at 4"),
        broken("no tensor for the bytes", header("{}"), "end at byte 0", "the file at 4"),
        broken("overlap", two("[0,3]", "[2,4]", 3, 2), "tensor b", "begin at 2", "ends at 3"),
        broken("hole", two("[0,1]", "[2,4]", 1, 2), "tensor b", "begin at 2", "ends at 1"),
        broken("the same bytes", two("[0,4]", "[0,4]", 4, 4), "begin at 0", "ends at 4"));
  }

  private static Arguments broken(String name, byte[] file, String... message) {
    return arguments(name, file, List.of(message));
  }

  private static byte[] length(long length) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  /** A header with four bytes behind it. */
  private static byte[] header(String text) {
    return Safetensors.file(text, FOUR);
  }

  /** One tensor, each value as JSON or left out, with four bytes behind it. */
  private static byte[] tensor(String type, String shape, String offsets) {
    String fields =
        Stream.of(
                type == null ? null : "\"dtype\":" + type,
                shape == null ? null : "\"shape\":" + shape,
                offsets == null ? null : "\"data_offsets\":" + offsets)
            .filter(field -> field != null)
            .reduce((left, right) -> left + "," + right)
            .orElseThrow();
    return header("{\"a\":{" + fields + "}}");
  }

  private static byte[] two(String first, String second, int firstLength, int secondLength) {
    return header(
        """
        {"a":{"dtype":"U8","shape":[%d],"data_offsets":%s},\
        "b":{"dtype":"U8","shape":[%d],"data_offsets":%s}}"""
            .formatted(firstLength, first, secondLength, second));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"brokenFiles", "brokenMetadata", "brokenTensors", "brokenOffsets"})
  void refuses(String rule, byte[] bytes, List<String> message) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .as(rule)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(message.toArray(String[]::new));
  }

  @Test
  void refusesAMissingFileAndADirectory() {
    assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("none")))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(directory.resolve("none").toString(), "no such file");
    assertThatThrownBy(() -> SafetensorsFile.open(directory))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("is a directory; a file is needed");
  }

  /** A sparse file takes no space on the disks of the systems that the tests run on. */
  @ParameterizedTest
  @ValueSource(longs = {(1L << 31) + 5, (1L << 32) + 5})
  void readsBeyondTwoAndFourGibibytes(long bytesBefore) throws IOException {
    String header =
        """
        {"big":{"dtype":"U8","shape":[%1$d],"data_offsets":[0,%1$d]},\
        "last":{"dtype":"U8","shape":[4],"data_offsets":[%1$d,%2$d]}}"""
            .formatted(bytesBefore, bytesBefore + 4);
    Path path = write(Safetensors.file(header, new byte[0]));
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(file.length() + bytesBefore + 4);
      file.seek(file.length() - 4);
      file.write(FOUR);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(read(file, "last", 0, 4)).isEqualTo(FOUR);
      assertThat(read(file, "last", 3, 1)).containsExactly(4);
      assertThat(read(file, "big", bytesBefore - 2, 2)).containsExactly(0, 0);
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void aFileCutWhileItIsOpenIsReported() throws IOException {
    byte[] data = new byte[100_000];
    String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[100000],\"data_offsets\":[0,100000]}}";
    Path path = write(Safetensors.file(header, data));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(read(file, "a", 99_999, 1)).containsExactly(0);
      try (RandomAccessFile cut = new RandomAccessFile(path.toFile(), "rw")) {
        cut.setLength(1000);
      }
      assertThatThrownBy(() -> read(file, "a", 50_000, 1))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageStartingWith(path + ": cannot be read at byte ");
    }
  }

  @Test
  void aHeaderIsReadAsUtf8() throws IOException {
    byte[] header =
        "{\"größe\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}".getBytes(UTF_8);
    try (SafetensorsFile file = SafetensorsFile.open(write(Safetensors.file(header, FOUR)))) {
      assertThat(file.tensors()).containsOnlyKeys("größe");
    }
  }

  /** A tensor must not reach beyond the file, but who reads beyond the tensor is told where. */
  @Test
  void whereTheFileEndsIsTold() throws IOException {
    Path path =
        write(
            Safetensors.file(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", FOUR));
    long end = Files.size(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThatThrownBy(() -> read(file, "a", 1, 7))
          .isInstanceOf(InvalidModelException.class)
          .hasMessage(
              "%s: cannot be read at byte %d: the file ends at byte %d", path, end - 3, end);
    }
  }

  @Test
  void aRefusedFileIsClosed() throws IOException {
    Path path = write(new byte[7]);
    assertThatThrownBy(() -> SafetensorsFile.open(path)).isInstanceOf(InvalidModelException.class);
    assertThat(new ModelDirectory(directory).openFiles()).isEmpty();
  }
}
