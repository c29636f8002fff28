// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.ModelDirectory;
import dev.w2s.model.files.Safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
  /** More than two of the buffers that contents are compared in. */
  private static final int BYTES = (2 << 20) + 12;

  @TempDir private Path directory;

  private static Tensor bytes(byte[] data) {
    return new Tensor("U8", List.of((long) data.length), data);
  }

  private Path write(Safetensors tensors) throws IOException {
    return Files.write(directory.resolve("model.safetensors"), tensors.toBytes());
  }

  @Test
  void contentsAreComparedToTheLastByte() throws IOException {
    byte[] data = new byte[BYTES];
    new SplittableRandom(7).nextBytes(data);
    Safetensors tensors =
        new Safetensors(Map.of())
            .with("a", bytes(data))
            .with("zeros", bytes(new byte[BYTES])) // what stands behind a tensor is not looked at
            .with("b", bytes(data))
            .with("end", bytes(changed(data)))
            .with("type", new Tensor("I8", List.of((long) BYTES), data))
            .with("shape", new Tensor("U8", List.of(1L, (long) BYTES), data))
            .with("none", bytes(new byte[0]))
            .with("nothing", bytes(new byte[0]));
    try (Checkpoint file = Checkpoint.of(SafetensorsFile.open(write(tensors)))) {
      assertThat(same(file, "a", "b")).isTrue();
      assertThat(same(file, "a", "end")).isFalse();
      assertThat(same(file, "a", "type")).isFalse();
      assertThat(same(file, "a", "shape")).isFalse();
      assertThat(same(file, "none", "nothing")).isTrue();
    }
  }

  private static byte[] changed(byte[] data) {
    byte[] changed = data.clone();
    changed[data.length - 1]++;
    return changed;
  }

  private static boolean same(Checkpoint file, String first, String second) {
    return file.sameContent(file.tensors().get(first), file, file.tensors().get(second));
  }

  private Checkpoint open(String name, Safetensors tensors) throws IOException {
    Path file = Files.write(directory.resolve(name), tensors.toBytes());
    return Checkpoint.of(SafetensorsFile.open(file));
  }

  /** Whatever their order, and whatever wraps their names. */
  @Test
  void checkpointsOfTheSameTensorsAreTheSame() throws IOException {
    Tensor a = bytes(new byte[] {1, 2});
    Tensor b = bytes(new byte[] {3});
    Safetensors one = new Safetensors(Map.of()).with("model.a", a).with("model.b", b);
    Safetensors other = new Safetensors(Map.of()).with("module.model.b", b).with("model.a", a);
    try (Checkpoint first = open("one", one);
        Checkpoint second = open("other", other)) {
      assertThat(first.sameContent(second)).isTrue();
      assertThat(first.sameContent(first)).isTrue();
    }
  }

  @Test
  void checkpointsOfOtherTensorsAreNot() throws IOException {
    Safetensors one = new Safetensors(Map.of()).with("a", bytes(new byte[] {1, 2}));
    try (Checkpoint first = open("one", one);
        Checkpoint byteChanged = open("byte", one.with("a", bytes(new byte[] {1, 3})));
        Checkpoint typeChanged =
            open("type", one.with("a", new Tensor("I8", List.of(2L), new byte[] {1, 2})));
        Checkpoint oneMore = open("more", one.with("b", bytes(new byte[] {1, 2})))) {
      assertThat(first.sameContent(byteChanged)).isFalse();
      assertThat(first.sameContent(typeChanged)).isFalse();
      assertThat(first.sameContent(oneMore)).isFalse();
      assertThat(oneMore.sameContent(first)).isFalse();
    }
  }

  @Test
  void tensorsAreReadFromTheFileUntilItIsClosed() throws IOException {
    Safetensors tensors = new Safetensors(Map.of("module.a", bytes(new byte[] {1, 2, 3})));
    Checkpoint checkpoint = open("one", tensors);
    StoredTensor tensor = checkpoint.tensors().get("a");
    ByteBuffer target = ByteBuffer.allocate(2);
    checkpoint.read(tensor, 1, target);
    assertThat(target.array()).containsExactly(2, 3);
    assertThat(checkpoint.file()).isEqualTo(directory.resolve("one"));
    assertThat(checkpoint.fileOf(tensor)).isEqualTo(directory.resolve("one"));
    checkpoint.close();
    assertThat(new ModelDirectory(directory).openFiles()).isEmpty();
    assertThatThrownBy(() -> checkpoint.read(tensor, 0, ByteBuffer.allocate(1)))
        .isInstanceOf(InvalidModelException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "_orig_mod.module.model.norm.weight, model.norm.weight",
    "module._orig_mod.lm_head.weight, lm_head.weight",
    "model.layers.0._orig_mod.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "_forward_module.model.model.norm.weight, model.norm.weight",
    "_fsdp_wrapped_module.module.transformer.wte.weight, transformer.wte.weight",
    "_fsdp_wrapped_module.model.layers.0._fsdp_wrapped_module._checkpoint_wrapped_module.a, model.layers.0.a",
    "model.layers.0._fsdp_wrapped_module._fpw_module.a, model.layers.0.a",
    "pretrained_model.model.norm.weight, model.norm.weight",
    "base_model.model.model.norm.weight, model.norm.weight",
    "model.base_model.model.lm_head.weight, lm_head.weight",
    "model.transformer.h.0.ln_1.weight, transformer.h.0.ln_1.weight",
    "model.gpt_neox.embed_in.weight, gpt_neox.embed_in.weight",
    "model.lm_head.weight, lm_head.weight",
    "model.score.weight, score.weight",
    "language_model.model.norm.weight, model.norm.weight",
    "language_model.lm_head.weight, lm_head.weight",
    "model.language_model.layers.0.a, model.layers.0.a",
    "student.model.norm.weight, student.model.norm.weight",
    "model.my_orig_mod.a, model.my_orig_mod.a",
    "model.layers.0.module.a, model.layers.0.module.a"
  })
  void wrappersAreTakenAwayAndNothingElse(String stored, String name) throws IOException {
    Path file = write(new Safetensors(Map.of(stored, bytes(new byte[] {1}))));
    try (Checkpoint checkpoint = Checkpoint.of(SafetensorsFile.open(file))) {
      assertThat(checkpoint.tensors().keySet()).containsExactly(name);
    }
  }

  /** However many there are; a name's length is limited by that of JSON's keys. */
  @Test
  void manyWrappersAreTakenAway() throws IOException {
    Tensor none = bytes(new byte[0]);
    Safetensors tensors = new Safetensors(Map.of("module.".repeat(7_000) + "norm.weight", none));
    try (Checkpoint file = Checkpoint.of(SafetensorsFile.open(write(tensors)))) {
      assertThat(file.tensors()).containsOnlyKeys("norm.weight");
    }
  }

  @Test
  void aRefusedFileIsClosed() throws IOException {
    Path file =
        write(
            new Safetensors(Map.of("a", bytes(new byte[] {1}), "module.a", bytes(new byte[] {2}))));
    assertThatThrownBy(() -> Checkpoint.of(SafetensorsFile.open(file)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("are both a of the model");
    assertThat(new ModelDirectory(directory).openFiles()).isEmpty();
  }
}
