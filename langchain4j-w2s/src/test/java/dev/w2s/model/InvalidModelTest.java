// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories with one thing wrong: the error names the file, the value and the rule. */
class InvalidModelTest {
  @TempDir private Path directory;

  private ModelDirectory model;

  @BeforeEach
  void copyAModel() {
    model = ModelDirectory.copyOf("llama-gqa", directory.resolve("model"));
  }

  private static void assertRefused(ModelDirectory model, String file, String... message) {
    assertThatThrownBy(model::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(model.file(file).toString())
        .hasMessageContainingAll(message);
  }

  @Test
  void theCopyItselfIsWhole() {
    model.load().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
  void aFileIsMissing(String file) {
    assertRefused(model.delete(file), file, "no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"generation_config.json", "tokenizer_config.json"})
  void theseFilesMayBeMissing(String file) {
    model.delete(file).load().close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"})
  void aDirectoryStandsWhereAFileShould(String file) throws IOException {
    Files.createDirectory(model.delete(file).file(file));
    assertRefused(model, file, "is a directory; a file is needed");
  }

  /** What a clone without Git LFS leaves; the first bytes read as a header of exabytes. */
  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
  void aFileIsAGitLfsPointer(String file) {
    model.write(
        file,
        """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 24920
        """);
    assertRefused(model, file, "is a Git LFS pointer, not the file itself; 'git lfs pull'");
  }

  /** Links into a cache that was emptied; no configuration is not the same as one that is lost. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json"
      })
  void aLinkLeadsNowhere(String file) throws IOException {
    Files.createSymbolicLink(model.delete(file).file(file), Path.of("gone"));
    assertRefused(model, file, "is a link to gone, which leads nowhere");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "config.json||not a JSON object",
        "config.json|[]|not a JSON object",
        "config.json|{|not valid JSON at line 1, column 2: Unexpected end-of-input",
        "config.json|{'a': Infinitive}|not valid JSON at line 1, column ",
        "config.json|nonsense|not valid JSON",
        "generation_config.json|{'eos_token_id'|not valid JSON",
        "tokenizer_config.json|7|not a JSON object",
        "tokenizer.json|}{|not valid JSON",
        "tokenizer.json|{}|model.vocab is missing or empty",
        "tokenizer.json|{'model': {'vocab': {}}}|model.vocab is missing or empty",
        "tokenizer.json|{'model': {'vocab': {'a': 'x'}}}|model.vocab holds an id that is no number",
        "tokenizer.json|{'model': {'vocab': {'a': 0}}}|not a tokenizer",
        "tokenizer.json|{'model': {'type': 'Nonsense', 'vocab': {'a': 0}}}|not a tokenizer",
        "tokenizer.json|{'model': {'type': 'WordLevel', 'vocab': {'x': 0}, 'unk_token': 'b'}}"
            + "|not a tokenizer",
      })
  void aFileIsGarbage(String file, String text, String message) {
    String garbage = text == null ? "" : text.replace('\'', '"');
    model.write("tokenizer_config.json", "{}").write(file, garbage);
    assertRefused(model, file, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "model_type|null|must be one of gpt2, llama",
        "model_type|'mixtral'|model_type is \"mixtral\"; it must be one of gpt2, llama, smollm3",
        "model_type|7|model_type is 7; it must be a string",
        "architectures|['LlamaModel']|must be LlamaForCausalLM or LlamaForSequenceClassification",
        "architectures|['GPT2LMHeadModel']|architectures is [\"GPT2LMHeadModel\"]",
        "architectures|'LlamaForCausalLM'|architectures is \"LlamaForCausalLM\"",
        "architectures|[]|architectures is []",
        "architectures|{}|architectures is {}",
        "hidden_act|'mish'|hidden_act is \"mish\"; it must be one of gelu, gelu_fast",
        "hidden_act|1|hidden_act is 1; it must be a string",
        "quantization_config|{'bits': 4}|must be absent: weights are read unquantised",
        "hidden_size|null|hidden_size is null; it must be given",
        "hidden_size|0|hidden_size is 0; it must be a whole number from 1 to 1048576",
        "hidden_size|-36|hidden_size is -36",
        "hidden_size|'36'|hidden_size is \"36\"; it must be a whole number",
        "hidden_size|36.0|hidden_size is 36.0; it must be a whole number",
        "hidden_size|[36]|hidden_size is [36]",
        "hidden_size|1048577|hidden_size is 1048577",
        "hidden_size|18446744073709551652|hidden_size is 18446744073709551652",
        "num_hidden_layers|0|num_hidden_layers is 0; it must be a whole number from 1 to 1024",
        "num_hidden_layers|1025|num_hidden_layers is 1025",
        "num_attention_heads|true|num_attention_heads is true",
        "num_key_value_heads|4|num_key_value_heads is 4; it must divide num_attention_heads (6)",
        "num_key_value_heads|7|num_key_value_heads is 7; it must be a whole number from 1 to 6",
        "num_key_value_heads|0|num_key_value_heads is 0",
        "head_dim|5|head_dim is 5; it must be even",
        "head_dim|0|head_dim is 0",
        "intermediate_size|0|intermediate_size is 0",
        "max_position_embeddings|0|max_position_embeddings is 0",
        "max_position_embeddings|4294967296|max_position_embeddings is 4294967296",
        "vocab_size|16777217|vocab_size is 16777217; it must be a whole number from 1 to 16777216",
        "rms_norm_eps|0|rms_norm_eps is 0; it must be a finite number above 0",
        "rms_norm_eps|-1e-6|it must be a finite number above 0",
        "rms_norm_eps|'tiny'|rms_norm_eps is \"tiny\"",
        "rms_norm_eps|Infinity|rms_norm_eps is Infinity; it must be a finite number above 0",
        "rms_norm_eps|NaN|rms_norm_eps is NaN; it must be a finite number above 0",
        "hidden_size|-Infinity|hidden_size is -Infinity; it must be a whole number",
        "rope_parameters|{'rope_theta': 1e999}|rope_theta is Infinity; it must be a finite number",
        "attention_bias|'yes'|attention_bias is \"yes\"; it must be true or false",
        "mlp_bias|1|mlp_bias is 1; it must be true or false",
        "tie_word_embeddings|0|tie_word_embeddings is 0; it must be true or false",
        "rope_parameters|{'rope_type': 'ntk', 'factor': 2}|rope_parameters.rope_type is \"ntk\"",
        "per_layer_config|{'0': {}}|must be absent: layers of different sizes",
      })
  void aConfigValueBreaksARule(String key, String value, String message) {
    assertRefused(model.config(key, value.replace('\'', '"')), "config.json", key, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "max_position_embeddings",
        "vocab_size"
      })
  void aConfigKeyIsMissing(String key) {
    assertRefused(model.config(key, null), "config.json", key + " is missing; it must be given");
  }

  @Test
  void theModelTypeIsMissing() {
    assertRefused(model.config("model_type", null), "config.json", "model_type is missing");
  }

  @Test
  void headsDoNotDivideTheWidth() {
    assertRefused(
        model.config("head_dim", null).config("hidden_size", "37"),
        "config.json",
        "num_attention_heads is 6; it must divide hidden_size (37)");
  }

  @Test
  void crossAttentionIsNotSupported() {
    ModelDirectory gpt2 = ModelDirectory.copyOf("gpt2-odd", directory.resolve("gpt2"));
    assertRefused(
        gpt2.config("add_cross_attention", "true"),
        "config.json",
        "add_cross_attention is true; it must be false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'0'", "0.5", "[[0]]", "[0, '1']", "{}", "99999999999999999999"})
  void anEosTokenIsNoTokenId(String value) {
    assertRefused(
        model.edit(
            "generation_config.json",
            json -> ModelDirectory.set(json, "eos_token_id", value.replace('\'', '"'))),
        "generation_config.json",
        "eos_token_id is ",
        "it must be a whole number or a list of them");
  }

  @Test
  void anEosTokenOfTheConfigIsNoTokenId() {
    assertRefused(
        model
            .delete("generation_config.json")
            .edit("tokenizer_config.json", json -> json.remove("eos_token"))
            .config("eos_token_id", "true"),
        "config.json",
        "eos_token_id is true");
  }

  @Test
  void theTokenizerHasMoreIdsThanTheModel() {
    assertRefused(
        model.config("vocab_size", "299"),
        "tokenizer.json",
        "largest token id is 299, but vocab_size in config.json is 299");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "eos_token|'<none>'|eos_token is '<none>', which tokenizer.json does not have",
        "eos_token|{'content': '<none>'}|eos_token is '<none>'",
        "eos_token|7|eos_token is 7; it must be a string or an object with content",
        "eos_token|{}|eos_token is {}; it must be a string or an object with content",
        "chat_template|7|chat_template is 7; it must be a string",
        "chat_template|{}|chat_template is {}; it must be a string",
      })
  void theTokenizerConfigBreaksARule(String key, String value, String message) {
    assertRefused(
        model.edit(
            "tokenizer_config.json",
            json -> ModelDirectory.set(json, key, value.replace('\'', '"'))),
        "tokenizer_config.json",
        message);
  }

  @Test
  void picklesAreRefusedByName() {
    model.delete("model.safetensors").write("pytorch_model.bin", "PK");
    assertRefused(model, "pytorch_model.bin", "save the model as model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 100, -1})
  void theWeightsAreCutOff(int length) throws IOException {
    byte[] whole = Files.readAllBytes(model.file("model.safetensors"));
    int end = length < 0 ? whole.length + length : length;
    assertRefused(
        model.write("model.safetensors", Arrays.copyOf(whole, end)), "model.safetensors", "bytes");
  }

  @Test
  void aTensorHasAnotherShape() {
    String name = "model.layers.1.mlp.down_proj.weight";
    assertRefused(
        model.weights(
            weights ->
                weights.change(name, t -> new Tensor(t.type(), List.of(44L, 36L), t.bytes()))),
        "model.safetensors",
        "tensor " + name + " has shape [44, 36]; config.json asks for [36, 44]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"I32", "U32"})
  void aTensorHasAnotherType(String type) {
    assertRefused(
        model.weights(
            weights ->
                weights.change("model.norm.weight", t -> new Tensor(type, t.shape(), t.bytes()))),
        "model.safetensors",
        "tensor model.norm.weight is of type " + type + "; weights must be F32, F16 or BF16");
  }

  @Test
  void aTensorIsOfInt64() {
    assertRefused(
        model.weights(
            w -> w.with("model.norm.weight", new Tensor("I64", List.of(36L), new byte[288]))),
        "model.safetensors",
        "tensor model.norm.weight is of type I64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.embed_tokens.weight",
        "model.norm.weight",
        "lm_head.weight",
        "model.layers.2.self_attn.k_proj.weight",
        "model.layers.0.mlp.up_proj.bias",
      })
  void aTensorIsMissing(String name) {
    assertRefused(
        model.weights(weights -> weights.without(name)),
        "model.safetensors",
        "tensor " + name + " is missing; config.json asks for it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.layers.3.mlp.up_proj.weight", "model.norm.bias", "lm_head.bias"})
  void aTensorIsNotOfThisModel(String name) {
    assertRefused(
        model.weights(weights -> weights.with(name, Tensor.zeros(36L))),
        "model.safetensors",
        "holds tensors that a llama model of this config does not have: " + name);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aWeightIsNotFinite(float value) {
    String name = "model.layers.2.self_attn.k_proj.weight";
    assertRefused(
        model.weights(weights -> weights.change(name, t -> t.with(17, value))),
        "model.safetensors",
        "tensor " + name + " holds a value that is not finite");
  }

  /** Finite weights may still give logits beyond float32. */
  @Test
  void logitsThatOverflowAreReportedWhereTheyAppear() {
    Tensor huge = Tensor.zeros(36L).with(0, 3e38f).with(1, 3e38f).with(2, 3e38f);
    model.weights(w -> w.with("model.norm.weight", huge));
    try (CausalModel overflowing = model.load();
        ScoringSession scoring = overflowing.openScoring(Rendered.raw("The"));
        GenerationSession generation =
            overflowing.openGeneration(Rendered.raw("The"), SamplingParameters.DEFAULT, 1)) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> scoring.score(List.of(new Response(" movie", true))))
            .isInstanceOf(InvalidModelException.class)
            .hasMessageContainingAll(model.path().toString(), "logits are not finite");
        assertThatThrownBy(
                () ->
                    generation.extend(
                        List.of(new GenerationSession.Extension(generation.start(), 1, 1))))
            .isInstanceOf(InvalidModelException.class)
            .hasMessageContaining("logits are not finite");
        assertThat(overflowing.liveTensors()).isZero();
      }
    }
  }

  @Test
  void weightsThatOverflowFloat16AreReportedWhereTheyAppear() {
    Tensor large = Tensor.zeros(36L).with(0, 1e6f);
    model.weights(w -> w.with("model.norm.weight", large));
    String reference = model.path().toString();
    try (CausalModel half = CausalModel.load(reference, new Placement("cpu", WeightType.FLOAT16));
        ScoringSession session = half.openScoring(Rendered.raw("The"))) {
      assertThatThrownBy(() -> session.score(List.of(new Response(" movie", true))))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContainingAll(reference, "overflow their type");
    }
  }

  @Test
  void aClassifierIsNoLanguageModelAndTheReverse() {
    String classifier = Golden.reference("gpt2-classifier");
    assertThatThrownBy(() -> CausalModel.load(classifier, Golden.CPU_FLOAT32))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(classifier + " is a sequence classifier; a language model is needed here");
    String languageModel = Golden.reference("llama-gqa");
    assertThatThrownBy(() -> SequenceClassifier.load(languageModel, Golden.CPU_FLOAT32))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(languageModel + " is a language model; a sequence classifier is needed here");
  }

  /** One of its weights is no number, so that reading the weights would fail. */
  @Test
  void theWrongKindIsRefusedBeforeAnyWeightIsRead() {
    String norm = "model.norm.weight";
    ModelDirectory classifier =
        ModelDirectory.copyOf("llama-classifier", directory.resolve("classifier"))
            .weights(weights -> weights.change(norm, t -> t.with(0, Float.NaN)));
    String reference = classifier.path().toString();
    assertThatThrownBy(() -> SequenceClassifier.load(reference, Golden.CPU_FLOAT32))
        .hasMessageContaining("not finite");
    assertThatThrownBy(classifier::load).hasMessageContaining("is a sequence classifier");
    model.weights(weights -> weights.change(norm, t -> t.with(0, Float.NaN)));
    assertThatThrownBy(() -> SequenceClassifier.load(model.path().toString(), Golden.CPU_FLOAT32))
        .hasMessageContaining("is a language model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]|id2label is []; it must be an object",
        "{}|id2label is {}; it must name at least one label",
        "{'0': 'bad', '2': 'good'}|it must name every label from 0 to 1",
        "{'0': 'bad', '1': 7}|id2label.1 is 7; it must be a string",
        "{'0': 'bad', '1': 'good', '2': 'so so'}"
            + "|score.weight has shape [2, 24]; config.json asks for [3, 24]",
      })
  void labelsBreakARule(String value, String message) {
    ModelDirectory classifier =
        ModelDirectory.copyOf("llama-classifier", directory.resolve("classifier"))
            .config("id2label", value.replace('\'', '"'));
    assertThatThrownBy(
            () -> SequenceClassifier.load(classifier.path().toString(), Golden.CPU_FLOAT32))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(classifier.path().toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "-1", "[304, 50256]"})
  void aResponseThatEndedNeedsAnEosToken(String named) {
    model
        .edit("tokenizer_config.json", (ObjectNode json) -> json.remove("eos_token"))
        .delete("generation_config.json")
        .config("eos_token_id", named);
    try (CausalModel endless = model.load();
        ScoringSession session = endless.openScoring(Rendered.raw("The"))) {
      assertThat(session.score(List.of(new Response(" movie", false)))).hasSize(1);
      assertThatThrownBy(() -> session.score(List.of(new Response(" movie", true))))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContainingAll(model.path().toString(), "names an EOS token");
    }
  }
}
