// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static dev.w2s.model.gguf.GgufBytes.ramp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.ModelDirectory;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.Families;
import dev.w2s.model.family.WeightPlan;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.TensorFile;
import dev.w2s.testkit.GoldenFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is the directory that it was made of. */
class GgufFolderTest {
  @TempDir private Path directory;

  private GgufFolder folder(GgufBytes file) {
    return GgufFolder.open(file.write(directory.resolve("model.gguf")));
  }

  private static List<Float> numbers(TensorFile weights, String name) {
    StoredTensor tensor = weights.tensors().get(name);
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.end()).order(ByteOrder.LITTLE_ENDIAN);
    weights.read(tensor, 0, bytes);
    Float[] numbers = new Float[bytes.capacity() / Float.BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getFloat(Float.BYTES * i);
    }
    return List.of(numbers);
  }

  /** Under the names and in the shapes that the config asks for, and none besides. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemma2",
        "gemma3",
        "gpt-neox",
        "gpt2",
        "granite",
        "llama-mixed",
        "llama-spm",
        "mistral",
        "olmo2",
        "olmo3",
        "phi3",
        "qwen2",
        "qwen3",
        "smollm3"
      })
  void itHasTheTensorsOfItsConfig(String name) {
    GgufFolder folder = GgufFolder.open(GoldenFiles.directory("gguf").resolve(name + ".gguf"));
    DecoderConfig config = Families.read(folder);
    try (TensorFile weights = folder.openWeights()) {
      Map<String, List<Long>> shapes = new HashMap<>();
      weights.tensors().forEach((own, tensor) -> shapes.put(own, tensor.shape()));
      Map<String, List<Long>> planned = new HashMap<>();
      WeightPlan.of(config, shapes.keySet(), /* ownHead= */ false)
          .weights()
          .forEach(w -> w.parts().forEach(p -> planned.put(p.name(), w.storedShape(p))));
      assertThat(shapes).isEqualTo(planned);
    }
  }

  @Test
  void filesAreNamedBehindThatOfTheModel() {
    GgufFolder folder = folder(GgufBytes.llama("llama"));
    assertThat(folder.path()).isEqualTo(directory.resolve("model.gguf"));
    assertThat(folder.file("config.json"))
        .isEqualTo(directory.resolve("model.gguf").resolve("config.json"));
    assertThat(folder.json("config.json").file()).isEqualTo(folder.file("config.json"));
    assertThat(folder.find("special_tokens_map.json")).isNull();
    assertThat(folder.holdsAny("", ".jinja")).isFalse();
  }

  @Test
  void aTokenizerIsTheSameAsAnObjectAndAsBytes() {
    GgufFolder folder = folder(GgufBytes.llama("llama"));
    JsonFile parsed = JsonFile.parse(folder.file("tokenizer.json"), folder.find("tokenizer.json"));
    assertThat(folder.json("tokenizer.json")).isEqualTo(parsed);
  }

  /** It says what begins and ends a text, and how a conversation is shown. */
  @Test
  void theTokenizersConfigNamesItsTokens() {
    GgufBytes file =
        GgufBytes.llama("llama")
            .set("tokenizer.ggml.bos_token_id", 0)
            .set("tokenizer.ggml.unknown_token_id", 1)
            .set("tokenizer.ggml.padding_token_id", 2)
            .set("tokenizer.chat_template", "{{ x }}");
    assertThat(folder(file).json("tokenizer_config.json").json().toString())
        .isEqualTo(
            """
            {"tokenizer_class":"PreTrainedTokenizerFast","clean_up_tokenization_spaces":false,\
            "bos_token":"a","eos_token":"<end>","unk_token":"b","pad_token":"ab",\
            "chat_template":"{{ x }}"}""");
    assertThat(folder(GgufBytes.llama("llama")).json("tokenizer_config.json").keys())
        .containsExactly("tokenizer_class", "clean_up_tokenization_spaces", "eos_token");
  }

  @Test
  void otherFilesAreComparedByTheirBytes() {
    GgufFolder one = folder(GgufBytes.llama("llama"));
    GgufFolder other = folder(GgufBytes.llama("llama").set("general.name", "another"));
    ModelFolder plain = ModelFolder.of(directory);
    assertThat(one.sameFile(other, "config.json")).isTrue();
    assertThat(one.sameFile(plain, "config.json")).isFalse();
    assertThat(one.sameFile(plain, "tokenizer.json")).isFalse();
    assertThat(one.sameFile(plain, "merges.txt")).as("both have none").isTrue();
  }

  /**
   * A head of four rows has its pairs side by side in the file, and half a head apart in the model;
   * a row is as long as the model is wide, 8.
   */
  @Test
  void queriesAndKeysOfLlamaAreReordered() {
    try (TensorFile weights = folder(GgufBytes.llama("llama")).openWeights()) {
      assertThat(weights.file()).isEqualTo(directory.resolve("model.gguf"));
      assertRows(weights, "model.layers.0.self_attn.q_proj.weight", 0, 2, 1, 3, 4, 6, 5, 7);
      assertRows(weights, "model.layers.0.self_attn.k_proj.weight", 0, 2, 1, 3);
      assertRows(weights, "model.layers.0.self_attn.v_proj.weight", 0, 1, 2, 3);
    }
    try (TensorFile weights = folder(GgufBytes.llama("qwen2")).openWeights()) {
      assertRows(weights, "model.layers.0.self_attn.q_proj.weight", 0, 1, 2, 3, 4, 5, 6, 7);
    }
  }

  private static void assertRows(TensorFile weights, String name, int... order) {
    List<Float> numbers = numbers(weights, name);
    assertThat(numbers).hasSize(8 * order.length);
    for (int row = 0; row < order.length; row++) {
      assertThat(numbers.get(8 * row)).as("row %d", row).isEqualTo(8 * order[row] / 16f);
      assertThat(numbers.get(8 * row + 7)).isEqualTo((8 * order[row] + 7) / 16f);
    }
  }

  /** Two heads of one row each: queries, keys and values one after the other, then by head. */
  @Test
  void queriesKeysAndValuesOfGptNeoxStandHeadByHead() {
    GgufBytes file =
        new GgufBytes()
            .set("general.architecture", "gptneox")
            .set("gptneox.attention.head_count", 2)
            .tensor("blk.0.attn_qkv.weight", ramp(48), 8, 6)
            .tensor("blk.0.attn_qkv.bias", ramp(6), 6);
    try (TensorFile weights = folder(file).openWeights()) {
      String own = "gpt_neox.layers.0.attention.query_key_value.";
      assertRows(weights, own + "weight", 0, 2, 4, 1, 3, 5);
      assertThat(numbers(weights, own + "bias"))
          .containsExactly(0f, 2 / 16f, 4 / 16f, 1 / 16f, 3 / 16f, 5 / 16f);
    }
  }

  /** The matrices of its layers, but neither embeddings nor vectors. */
  @Test
  void gpt2MultipliesFromTheLeft() {
    GgufBytes file =
        new GgufBytes()
            .set("general.architecture", "gpt2")
            .tensor("token_embd.weight", ramp(6), 3, 2)
            .tensor("blk.0.ffn_up.bias", ramp(2), 2)
            .tensor("blk.0.ffn_up.weight", ramp(6), 3, 2);
    try (TensorFile weights = folder(file).openWeights()) {
      assertThat(weights.tensors().get("transformer.wte.weight").shape()).containsExactly(2L, 3L);
      assertThat(weights.tensors().get("transformer.h.0.mlp.c_fc.weight").shape())
          .containsExactly(3L, 2L);
      assertThat(numbers(weights, "transformer.h.0.mlp.c_fc.weight"))
          .containsExactly(0f, 3 / 16f, 1 / 16f, 4 / 16f, 2 / 16f, 5 / 16f);
      assertThat(numbers(weights, "transformer.h.0.mlp.c_fc.bias")).containsExactly(0f, 1 / 16f);
      ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      weights.read(weights.tensors().get("transformer.h.0.mlp.c_fc.weight"), 16, last);
      assertThat(last.getFloat(0)).isEqualTo(2 / 16f);
      assertThat(last.getFloat(4)).isEqualTo(5 / 16f);
    }
  }

  /** A block of Q8_0 is a scale, here 1, and 32 signed bytes; the file ends with it. */
  @Test
  void theLastBlockOfAFileIsRead() {
    ByteBuffer block = GgufBytes.buffer(34).putShort((short) 0x3C00);
    for (int i = 0; i < 32; i++) {
      block.put((byte) (i - 16));
    }
    GgufBytes file =
        new GgufBytes()
            .set("general.architecture", "qwen2")
            .tensor("output.weight", 8, block.flip(), 32, 1);
    try (TensorFile weights = folder(file).openWeights()) {
      assertThat(numbers(weights, "lm_head.weight")).startsWith(-16f, -15f).endsWith(14f, 15f);
    }
  }

  /** Longer than the buffers that numbers are decoded in, which hold 16,384. */
  @Test
  void longTensorsAreReadFromAnyPlace() {
    int count = 20_000;
    ByteBuffer blocks = GgufBytes.buffer(count / 32 * 34);
    for (int i = 0; i < count; i++) {
      if (i % 32 == 0) {
        blocks.putShort((short) 0x3C00);
      }
      blocks.put((byte) (i % 101));
    }
    GgufBytes file =
        new GgufBytes()
            .set("general.architecture", "qwen2")
            .tensor("output.weight", 8, blocks.flip(), count, 1);
    try (TensorFile weights = folder(file).openWeights()) {
      StoredTensor tensor = weights.tensors().get("lm_head.weight");
      for (int from : new int[] {0, 5, 16_383, 16_384, 19_990}) {
        ByteBuffer target =
            ByteBuffer.allocate((count - from) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(tensor, (long) from * Float.BYTES, target);
        target.flip();
        for (int i = from; i < count; i++) {
          assertThat(target.getFloat()).as("element %d from %d", i, from).isEqualTo(i % 101);
        }
      }
    }
  }

  /** Half of one, as float16; a norm of Gemma is one less. */
  @Test
  void longNormsAreShifted() {
    int count = 20_000;
    ByteBuffer halves = GgufBytes.buffer(2 * count);
    while (halves.hasRemaining()) {
      halves.putShort((short) 0x3800);
    }
    GgufBytes file =
        new GgufBytes()
            .set("general.architecture", "gemma2")
            .tensor("output_norm.weight", 1, halves.flip(), count);
    try (TensorFile weights = folder(file).openWeights()) {
      assertThat(numbers(weights, "model.norm.weight")).hasSize(count).containsOnly(-0.5f);
    }
  }

  /** The converter adds 1 to them, since that is what the graphs multiply by. */
  @ParameterizedTest
  @CsvSource({"gemma2, -1", "llama, 0"})
  void normsOfGemmaAreTheDistanceFromOne(String architecture, float shift) {
    try (TensorFile weights = folder(GgufBytes.llama(architecture)).openWeights()) {
      assertThat(numbers(weights, "model.norm.weight")).startsWith(shift, 1 / 16f + shift);
      assertThat(numbers(weights, "model.embed_tokens.weight")).startsWith(0f, 1 / 16f);
    }
  }

  @Test
  void tablesOfFrequenciesAreNoWeights() {
    GgufBytes file =
        GgufBytes.llama("llama")
            .tensor("rope_freqs.weight", ramp(2), 2)
            .tensor("blk.0.attn_rot_embd.weight", ramp(2), 2);
    try (TensorFile weights = folder(file).openWeights()) {
      assertThat(weights.tensors()).hasSize(11);
    }
  }

  @Test
  void rowsAreThoseOfHeads() {
    GgufBytes file =
        new GgufBytes()
            .set("general.architecture", "gptneox")
            .set("gptneox.attention.head_count", 3)
            .tensor("blk.0.attn_qkv.weight", ramp(48), 8, 6);
    GgufFolder folder = folder(file);
    assertThatThrownBy(folder::openWeights)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("blk.0.attn_qkv.weight has 6 rows; they must be a multiple of 9");
  }

  @Test
  void nothingStaysOpenButTheWeights() {
    GgufFolder folder = folder(GgufBytes.llama("llama"));
    ModelDirectory own = new ModelDirectory(directory);
    assertThat(own.openFiles()).isEmpty();
    folder.openWeights().close();
    assertThat(own.openFiles()).isEmpty();
    GgufFolder other = folder(GgufBytes.llama("llama").tensor("cls.weight", ramp(8), 8));
    assertThatThrownBy(other::openWeights).isInstanceOf(InvalidModelException.class);
    assertThat(own.openFiles()).isEmpty();
  }

  @Test
  void aTensorOfAnotherFileIsNotRead() {
    try (TensorFile weights = folder(GgufBytes.llama("llama")).openWeights()) {
      StoredTensor own = weights.tensors().get("model.norm.weight");
      StoredTensor stranger = new StoredTensor("a", own.type(), own.shape(), 0, own.end());
      assertThatThrownBy(() -> weights.read(stranger, 0, ByteBuffer.allocate(4)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
