// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.Safetensors;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights as people's tools store them. */
class FoundWeightsTest {
  private static final Response RESPONSE = new Response(" good", true);
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  @TempDir private Path directory;

  private ModelDirectory golden(String name) {
    return ModelDirectory.copyOf(name, directory.resolve("model"));
  }

  private static double score(CausalModel model) {
    try (ScoringSession session = model.openScoring(Rendered.raw("This was"))) {
      return session.score(List.of(RESPONSE)).get(0).logProbability();
    }
  }

  private static double score(ModelDirectory model) {
    try (CausalModel loaded = model.load()) {
      return score(loaded);
    }
  }

  private static double untouched(String name) {
    try (CausalModel model = Golden.model(name)) {
      return score(model);
    }
  }

  private static Safetensors renamed(Safetensors weights, UnaryOperator<String> names) {
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    weights.tensors().forEach((name, tensor) -> renamed.put(names.apply(name), tensor));
    return new Safetensors(renamed);
  }

  /** The config ties the head, but training has untied it; by transformers 5.24, float32. */
  @Test
  void aHeadOfItsOwnCountsThoughTheConfigTiesIt() {
    ModelDirectory model =
        ModelDirectory.copyOf(Golden.found("tied-own-head"), directory.resolve("model"));
    assertThat(score(model)).isCloseTo(-45.42326, within(1e-4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied-bf16", "gpt2-odd"})
  void aHeadThatIsOnlyACopyOfTheEmbeddingTakesNoMemory(String name) {
    ModelDirectory model = golden(name);
    long parameters;
    try (CausalModel plain = model.load()) {
      parameters = plain.summary().parameters();
    }
    model.weights(w -> w.with(HEAD, w.tensors().get(embedding(name))));
    try (CausalModel copied = model.load()) {
      assertThat(copied.summary().parameters()).isEqualTo(parameters);
      assertThat(score(copied)).isEqualTo(untouched(name));
    }
  }

  private static String embedding(String name) {
    return name.startsWith("llama") ? EMBEDDING : "transformer.wte.weight";
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied-bf16", "gpt2-odd"})
  void tiedWeightsMayBeStoredUnderTheHeadsNameAlone(String name) {
    ModelDirectory model = golden(name);
    model.weights(w -> renamed(w, n -> n.equals(embedding(name)) ? HEAD : n));
    assertThat(score(model)).isEqualTo(untouched(name));
  }

  @ParameterizedTest
  @CsvSource({
    "llama-gqa, _orig_mod.",
    "llama-gqa, module.",
    "llama-gqa, base_model.model.",
    "llama-gqa, module._orig_mod.",
    "gpt2-odd, _orig_mod.",
    "gpt2-odd, _orig_mod.module.",
    "llama-gqa, _forward_module.model."
  })
  void whatTrainingToolsPutInFrontIsTakenAway(String name, String wrapper) {
    ModelDirectory model = golden(name);
    model.weights(weights -> renamed(weights, tensor -> wrapper + tensor));
    assertThat(score(model)).isEqualTo(untouched(name));
  }

  @Test
  void aCompiledLayerIsTheLayer() {
    ModelDirectory model = golden("llama-gqa");
    model.weights(w -> renamed(w, n -> n.replace("layers.0.", "layers.0._orig_mod.")));
    assertThat(score(model)).isEqualTo(untouched("llama-gqa"));
  }

  @Test
  void aNameThatIsNoWrapperIsLeftAlone() {
    ModelDirectory model = golden("llama-gqa");
    model.weights(w -> renamed(w, n -> "student." + n));
    assertThatThrownBy(model::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("model.safetensors: tensor ")
        .hasMessageContaining("is missing; config.json asks for it");
  }

  @Test
  void aWrappedClassifierIsOneToo() {
    ModelDirectory model = golden("llama-classifier");
    model.weights(weights -> renamed(weights, name -> "module." + name));
    try (SequenceClassifier wrapped =
            SequenceClassifier.load(model.path().toString(), Golden.CPU_FLOAT32);
        SequenceClassifier plain =
            SequenceClassifier.load(Golden.reference("llama-classifier"), Golden.CPU_FLOAT32)) {
      assertThat(wrapped.logProbabilities("good")).isEqualTo(plain.logProbabilities("good"));
    }
  }

  @Test
  void twoTensorsOfOneNameAreRefused() {
    ModelDirectory model = golden("llama-gqa");
    model.weights(w -> w.with("_orig_mod." + EMBEDDING, w.tensors().get(EMBEDDING)));
    assertThatThrownBy(model::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("model.safetensors: tensors")
        .hasMessageContaining("_orig_mod." + EMBEDDING)
        .hasMessageContaining("one of them must go");
  }

  @ParameterizedTest
  @CsvSource({
    "llama-gqa, v_head.summary.weight",
    "llama-gqa, score.weight",
    "llama-gqa, model.layers.0.self_attn.rotary_emb.inv_freq",
    "llama-gqa, model.rotary_emb.inv_freq",
    "gpt2-odd, v_head.summary.weight",
    "gpt2-odd, transformer.h.0.attn.masked_bias",
    "gpt2-odd, transformer.position_ids"
  })
  void whatALanguageModelDoesNotNeedIsIgnored(String name, String tensor) {
    ModelDirectory model = golden(name).weights(w -> w.with(tensor, Tensor.zeros(4L)));
    assertThat(score(model)).isEqualTo(untouched(name));
  }

  @Test
  void anEmptyTensorIsNothing() {
    ModelDirectory model =
        golden("llama-gqa").weights(w -> w.with("model.extra", Tensor.zeros(0L, 4L)));
    assertThat(score(model)).isEqualTo(untouched("llama-gqa"));
  }

  /** Their sum is not finite in float32. */
  @Test
  void numbersThatAreLargeAreNumbers() {
    ModelDirectory model = golden("llama-gqa");
    model.weights(w -> w.change(EMBEDDING, t -> t.with(0, 3e38f).with(1, 3e38f)));
    try (CausalModel loaded = model.load()) {
      assertThat(loaded.summary().parameters()).isPositive();
    }
  }

  @Test
  void aBfloat16ThatIsNoNumberIsFound() {
    ModelDirectory model = golden("llama-gqa");
    model.weights(w -> w.change(EMBEDDING, t -> t.with(7, Float.NEGATIVE_INFINITY).toBfloat16()));
    assertThatThrownBy(model::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("tensor " + EMBEDDING + " holds a value that is not finite");
  }

  /** What a sharded trainer leaves where the weights were not gathered before saving. */
  @Test
  void weightsThatWereNotGatheredAreNamed() {
    ModelDirectory model =
        golden("llama-gqa").weights(w -> w.with("model.norm.weight", Tensor.zeros(0L)));
    assertThatThrownBy(model::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("tensor model.norm.weight has shape [0]; config.json asks for");
  }

  /** A classifier trained from a language model may keep its head, which it does not use. */
  @Test
  void aClassifierMayKeepTheHeadOfALanguageModel() {
    ModelDirectory model = golden("llama-classifier").config("tie_word_embeddings", "false");
    model.weights(w -> w.with(HEAD, w.tensors().get(EMBEDDING)));
    try (SequenceClassifier kept =
            SequenceClassifier.load(model.path().toString(), Golden.CPU_FLOAT32);
        SequenceClassifier without =
            SequenceClassifier.load(Golden.reference("llama-classifier"), Golden.CPU_FLOAT32)) {
      assertThat(kept.logProbabilities("good")).isEqualTo(without.logProbabilities("good"));
    }
  }

  /** An adapter wraps the layers that it changes, so that their own names are gone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.layers.0.self_attn.q_proj.lora_A.default.weight",
        "base_model.model.model.layers.0.self_attn.q_proj.base_layer.weight",
        "elsewhere.lora_B.weight"
      })
  void anAdapterIsRefusedByName(String tensor) {
    ModelDirectory model =
        golden("llama-gqa")
            .weights(
                w ->
                    w.without("model.layers.0.self_attn.q_proj.weight")
                        .with(tensor, Tensor.zeros(4L)));
    assertThatThrownBy(model::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("model.safetensors: holds an adapter that is not merged")
        .hasMessageContaining(tensor.replace("base_model.model.", ""));
  }
}
