// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.FamilyModels;
import dev.w2s.model.Golden;
import dev.w2s.model.family.WeightPlan.Part;
import dev.w2s.model.family.WeightPlan.Weight;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.files.SafetensorsFile;
import dev.w2s.model.files.StoredTensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tensors a model is made of, compared with the files that transformers has saved. */
class WeightPlanTest {
  private static final String SCORE = "score.weight";

  /** Masks. */
  private static final Pattern BUFFER = Pattern.compile(".*\\.att(n|ention)\\.(masked_)?bias");

  static Stream<Path> saved() {
    return Stream.concat(
        Stream.of(
                "gemma2",
                "gemma3-text",
                "granite",
                "mistral",
                "neox-parallel",
                "olmo2",
                "phi3-window",
                "qwen2",
                "qwen3",
                "smollm3")
            .map(FamilyModels::directory),
        Stream.of(
                "gpt2-classifier",
                "gpt2-odd",
                "gpt2-untied",
                "llama-classifier",
                "llama-gqa",
                "llama-tied-bf16")
            .map(Golden::directory));
  }

  private static DecoderConfig config(Path directory) {
    return Families.read(ModelFolder.of(directory));
  }

  private static DecoderConfig config(String model) {
    return config(Golden.directory(model));
  }

  private static Map<String, StoredTensor> tensors(Path directory) {
    try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
      return file.tensors();
    }
  }

  private static Set<String> names(String model) {
    return new HashSet<>(tensors(Golden.directory(model)).keySet());
  }

  private static WeightPlan plan(String model) {
    return WeightPlan.of(config(model), names(model), /* ownHead= */ false);
  }

  private static Weight weight(WeightPlan plan, int layer, String name) {
    return plan.weights().stream()
        .filter(weight -> weight.layer() == layer && weight.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> parts(WeightPlan plan) {
    return plan.weights().stream()
        .flatMap(weight -> weight.parts().stream())
        .map(Part::name)
        .collect(Collectors.toSet());
  }

  /** But for buffers, and for the heads of classifiers beside those of language models. */
  @ParameterizedTest
  @MethodSource("saved")
  void aModelIsMadeOfTheTensorsThatAreSaved(Path directory) {
    DecoderConfig config = config(directory);
    Map<String, StoredTensor> tensors = tensors(directory);
    WeightPlan plan = WeightPlan.of(config, tensors.keySet(), /* ownHead= */ false);
    Map<String, List<Long>> planned = new HashMap<>();
    plan.weights().forEach(w -> w.parts().forEach(p -> planned.put(p.name(), w.storedShape(p))));
    Map<String, List<Long>> saved = new HashMap<>();
    tensors.forEach((name, tensor) -> saved.put(name, tensor.shape()));
    saved.keySet().removeIf(name -> BUFFER.matcher(name).matches());
    if (!config.classifier()) {
      saved.remove(SCORE);
    }
    assertThat(planned).isEqualTo(saved);
  }

  /** Six heads of 6 ask two pairs of keys and values of the same width: 36 + 12 + 12 rows. */
  @Test
  void queryKeyAndValueAreJoined() {
    WeightPlan plan = plan("llama-gqa");
    Weight matrix = weight(plan, 1, "qkv");
    assertThat(matrix.parts())
        .containsExactly(
            new Part("model.layers.1.self_attn.q_proj.weight", 36),
            new Part("model.layers.1.self_attn.k_proj.weight", 12),
            new Part("model.layers.1.self_attn.v_proj.weight", 12));
    assertThat(matrix.rows()).isEqualTo(60);
    assertThat(matrix.columns()).isEqualTo(36);
    assertThat(matrix.elements()).isEqualTo(60 * 36);
    Weight bias = weight(plan, 1, "qkv.bias");
    assertThat(bias.rows()).isEqualTo(60);
    assertThat(bias.elements()).isEqualTo(60);
  }

  @Test
  void theTokenEmbeddingComesFirst() {
    assertThat(plan("gpt2-odd").weights().get(0).parts())
        .containsExactly(new Part("transformer.wte.weight", 300));
  }

  /** Matrices that are multiplied with may be kept in few bits; positions and norms may not. */
  @Test
  void matricesAndTheTokenEmbeddingAreLinear() {
    WeightPlan plan = plan("gpt2-untied");
    assertThat(weight(plan, -1, "token_embedding").isLinear()).isTrue();
    assertThat(weight(plan, -1, "head").isLinear()).isTrue();
    assertThat(weight(plan, 0, "down").isLinear()).isTrue();
    assertThat(weight(plan, -1, "position_embedding").isLinear()).isFalse();
    assertThat(weight(plan, 0, "attention_norm").isLinear()).isFalse();
    assertThat(weight(plan, 0, "down.bias").isLinear()).isFalse();
  }

  @Test
  void embeddingsTheLastNormAndTheHeadStandOutsideTheLayers() {
    assertThat(plan("gpt2-untied").weights())
        .filteredOn(Weight::outsideLayers)
        .extracting(Weight::name)
        .containsExactlyInAnyOrder(
            "token_embedding", "position_embedding", "final_norm", "final_norm.bias", "head");
  }

  /** The first GPT-2 was published without {@code transformer.} in front of its names. */
  @Test
  void thePrefixMayBeMissing() {
    Set<String> names =
        names("gpt2-odd").stream()
            .map(name -> name.replace("transformer.", ""))
            .collect(Collectors.toSet());
    WeightPlan plan = WeightPlan.of(config("gpt2-odd"), names, /* ownHead= */ false);
    assertThat(parts(plan)).isEqualTo(names);
    assertThat(plan.tellsOfAnotherModel("h.2.attn.rotary")).isTrue();
    assertThat(plan.tellsOfAnotherModel("value_head.weight")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.0.self_attn.q_norm.weight, true",
    "lm_head.bias, true",
    "lm_head_of_another.weight, false",
    "v_head.summary.weight, false",
  })
  void whatStandsAmongTheModelsTensorsTellsOfAnotherModel(String name, boolean expected) {
    assertThat(plan("llama-gqa").tellsOfAnotherModel(name)).isEqualTo(expected);
  }

  /** Which of the two names a tied weight is stored under is up to the tool that stored it. */
  @ParameterizedTest
  @CsvSource({
    "lm_head.weight, lm_head.weight",
    "model.embed_tokens.weight lm_head.weight, model.embed_tokens.weight",
    "model.embed_tokens.weight, model.embed_tokens.weight",
    "model.norm.weight, model.embed_tokens.weight",
  })
  void aTiedEmbeddingMayBeStoredAsTheHead(String stored, String expected) {
    Set<String> names = new HashSet<>(Set.of("model.layers.0.input_layernorm.weight"));
    names.addAll(List.of(stored.split(" ", -1)));
    WeightPlan plan = WeightPlan.of(config("llama-tied-bf16"), names, /* ownHead= */ false);
    assertThat(plan.weights().get(0).parts()).containsExactly(new Part(expected, 300));
    assertThat(plan.weights()).extracting(Weight::name).doesNotContain("head");
    assertThat(plan.needless("lm_head.weight")).isTrue();
  }

  @Test
  void anEmbeddingThatIsNotTiedIsNeverTheHead() {
    Set<String> names = names("llama-gqa");
    names.remove("model.embed_tokens.weight");
    WeightPlan plan = WeightPlan.of(config("llama-gqa"), names, /* ownHead= */ false);
    assertThat(parts(plan)).contains("model.embed_tokens.weight");
    assertThat(plan.needless("lm_head.weight")).isFalse();
  }

  /** Training may have untied what the config still ties. */
  @Test
  void aTiedModelMayHaveAHeadOfItsOwn() {
    Set<String> names = names("llama-tied-bf16");
    names.add("lm_head.weight");
    WeightPlan plan = WeightPlan.of(config("llama-tied-bf16"), names, /* ownHead= */ true);
    assertThat(weight(plan, -1, "head").parts()).containsExactly(new Part("lm_head.weight", 300));
  }

  @Test
  void aClassifierNeedsNoHeadOfALanguageModel() {
    WeightPlan plan = plan("llama-classifier");
    assertThat(plan.needless("lm_head.weight")).isTrue();
    assertThat(weight(plan, -1, "head").parts()).containsExactly(new Part(SCORE, 2));
  }

  /** GPT-NeoX's head has a name of its own, which newer tools replace by everybody's. */
  @Test
  void theHeadIsWhatIsStored() {
    DecoderConfig neox = config(FamilyModels.directory("neox-parallel"));
    assertThat(WeightPlan.head(neox, Set.of("a", "embed_out.weight")))
        .isEqualTo("embed_out.weight");
    assertThat(WeightPlan.head(neox, Set.of("a", "lm_head.weight"))).isEqualTo("lm_head.weight");
    assertThat(WeightPlan.head(neox, Set.of("a"))).isEqualTo("embed_out.weight");
  }

  @Test
  void theEmbeddingIsFoundWithAndWithoutThePrefix() {
    DecoderConfig config = config("gpt2-odd");
    Map<String, StoredTensor> tensors = tensors(Golden.directory("gpt2-odd"));
    StoredTensor embedding = tensors.get("transformer.wte.weight");
    assertThat(WeightPlan.embedding(config, tensors)).isSameAs(embedding);
    assertThat(WeightPlan.embedding(config, Map.of("wte.weight", embedding))).isSameAs(embedding);
    assertThat(WeightPlan.embedding(config, Map.of())).isNull();
  }

  /** What old checkpoints carry: tables that are computed, and masks. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformer.h.0.attn.bias",
        "h.11.attn.masked_bias",
        "position_ids",
        "transformer.position_ids",
        "transformer.h.0.attn.rotary_emb.inv_freq"
      })
  void buffersAreNeedless(String name) {
    assertThat(plan("gpt2-odd").needless(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"transformer.h.0.attn.c_attn.bias", "my_position_ids", "x.inv_freq"})
  void otherTensorsAreNot(String name) {
    assertThat(plan("gpt2-odd").needless(name)).isFalse();
  }

  /** As PEFT names them. */
  @ParameterizedTest
  @CsvSource({
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight, true",
    "model.embed_tokens.lora_embedding_B, true",
    "model.layers.0.self_attn.q_proj.base_layer.weight, true",
    "model.layers.0.self_attn.q_proj.weight, false",
  })
  void partsOfAnAdapterAreKnown(String name, boolean expected) {
    assertThat(plan("llama-gqa").isOfAnAdapter(name)).isEqualTo(expected);
  }
}
