// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.files.Safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors of a byte in several files; a tensor is named as the index has it. */
class ShardedFileTest {
  private static final String ONE = "1.safetensors";
  private static final String TWO = "2.safetensors";

  @TempDir private Path directory;

  private final ObjectNode places = JsonNodeFactory.instance.objectNode();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(new ModelDirectory(directory).openFiles()).isEmpty();
  }

  private static Tensor tensor(int value) {
    return new Tensor("U8", List.of(1L), new byte[] {(byte) value});
  }

  private void write(String file, Map<String, Tensor> tensors) throws IOException {
    Files.write(directory.resolve(file), new Safetensors(tensors).toBytes());
  }

  private Path index() throws IOException {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index.set("weight_map", places);
    return Files.writeString(directory.resolve(ShardIndex.NAME), index.toString());
  }

  private void assertRefused(String problem) throws IOException {
    Path index = index();
    assertThatThrownBy(() -> ShardedFile.open(index))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(index + ": ")
        .hasMessageContaining(problem);
  }

  private static byte read(TensorFile file, String tensor) {
    ByteBuffer target = ByteBuffer.allocate(1);
    file.read(file.tensors().get(tensor), 0, target);
    return target.get(0);
  }

  @Test
  void tensorsAreThoseOfAllFiles() throws IOException {
    write(ONE, Map.of("a", tensor(7)));
    write(TWO, Map.of("b", tensor(8), "not in the index", tensor(9)));
    places.put("b", TWO).put("a", ONE);
    try (ShardedFile file = ShardedFile.open(index())) {
      assertThat(file.file()).isEqualTo(directory.resolve(ShardIndex.NAME));
      assertThat(file.tensors()).containsOnlyKeys("a", "b", "not in the index");
      assertThat(read(file, "a")).isEqualTo((byte) 7);
      assertThat(read(file, "b")).isEqualTo((byte) 8);
      assertThat(read(file, "not in the index")).isEqualTo((byte) 9);
      assertThat(file.fileOf(file.tensors().get("a"))).isEqualTo(directory.resolve(ONE));
      assertThat(file.fileOf(file.tensors().get("b"))).isEqualTo(directory.resolve(TWO));
      StoredTensor stranger = new StoredTensor("c", StoredType.U8, List.of(1L), 0, 1);
      assertThatThrownBy(() -> file.fileOf(stranger)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** As in transformers, which reads the files in the order of their names. */
  @Test
  void ofATensorInTwoFilesTheLastCountsIfTheIndexNamesIt() throws IOException {
    write(ONE, Map.of("a", tensor(7), "b", tensor(6)));
    write(TWO, Map.of("a", tensor(8), "c", tensor(9)));
    places.put("a", TWO).put("b", ONE).put("c", TWO);
    try (ShardedFile file = ShardedFile.open(index())) {
      assertThat(read(file, "a")).isEqualTo((byte) 8);
      assertThat(file.fileOf(file.tensors().get("a"))).isEqualTo(directory.resolve(TWO));
    }
    places.put("a", ONE);
    assertRefused("tensor a stands in %s and in %s; one of them must go".formatted(ONE, TWO));
    places.remove("a");
    assertRefused("tensor a stands in %s and in %s; one of them must go".formatted(ONE, TWO));
  }

  @Test
  void aTensorStandsWhereTheIndexSays() throws IOException {
    write(ONE, Map.of("a", tensor(7)));
    write(TWO, Map.of("b", tensor(8)));
    places.put("a", TWO).put("b", TWO);
    places.put("c", ONE);
    assertRefused("tensor a should stand in %s, but stands in %s; ".formatted(TWO, ONE));
    places.put("a", ONE);
    assertRefused("tensor c should stand in %s, but stands in none of the files; ".formatted(ONE));
  }

  /** Three names are shown. */
  @Test
  void missingFilesAreNamed() throws IOException {
    write("e.safetensors", Map.of("e", tensor(7)));
    for (String name : List.of("c", "b", "a", "e")) {
      places.put(name, name + ".safetensors");
    }
    assertRefused("3 of its 4 files are missing: a.safetensors, b.safetensors, c.safetensors");
    assertThatThrownBy(() -> ShardedFile.open(index())).hasMessageEndingWith("c.safetensors");
    places.put("d", "d.safetensors");
    assertThatThrownBy(() -> ShardedFile.open(index()))
        .hasMessageEndingWith(
            "4 of its 5 files are missing: a.safetensors, b.safetensors, c.safetensors, ...");
  }

  /** As the cache of a hub keeps files, of which one was deleted. */
  @Test
  void aLinkThatLeadsNowhereIsNotMissing() throws IOException {
    write(ONE, Map.of("a", tensor(7)));
    places.put("a", ONE).put("b", TWO);
    Path link = Files.createSymbolicLink(directory.resolve(TWO), Path.of("blob"));
    assertThatThrownBy(() -> ShardedFile.open(index()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(link + ": is a link to blob, which leads nowhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../1.safetensors",
        "sub/1.safetensors",
        ".safetensors",
        "1.bin",
        "C:1.safetensors"
      })
  void aFileIsNamedWithoutAPath(String name) throws IOException {
    places.put("a", name);
    assertRefused("weight_map.a is \"" + name + "\"; it must be the name of a .safetensors file");
  }

  @Test
  void anIndexNamesAFileForEachTensor() throws IOException {
    assertRefused("weight_map is {}; it must hold a file for every tensor");
    places.putNull("a");
    assertRefused("weight_map.a is null; it must be the name of a .safetensors file");
    Path index = Files.writeString(directory.resolve(ShardIndex.NAME), "{}");
    assertThatThrownBy(() -> ShardedFile.open(index))
        .hasMessage(index + ": weight_map is missing; it must hold a file for every tensor");
  }

  @Test
  void theIndexTellsEachFileOnceAndInOrder() throws IOException {
    places.put("c", TWO).put("b", ONE).put("a", TWO);
    ShardIndex index = ShardIndex.of(JsonFile.read(index()));
    assertThat(index.files()).containsExactly(ONE, TWO);
    assertThat(index.shards())
        .containsExactly(Map.entry("c", TWO), Map.entry("b", ONE), Map.entry("a", TWO));
  }
}
