// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.Golden;
import dev.w2s.model.family.Modules.Module;
import dev.w2s.model.family.Modules.Use;
import dev.w2s.model.files.ModelFolder;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules by the names that transformers has for them. */
class ModulesTest {

  private static Modules modules(String model, String classifierHead, int outputs, String stored) {
    DecoderConfig config = Families.read(ModelFolder.of(Golden.directory(model)));
    WeightPlan plan = WeightPlan.of(config, Set.of(stored), /* ownHead= */ false);
    return Modules.of(config, plan, classifierHead, outputs);
  }

  private static Modules llama() {
    return modules("llama-gqa", null, 304, "model.norm.weight");
  }

  /**
   * Of queries, keys and values 36, 12 and 12 rows are joined, of gate and way up 44 and 44; the
   * hidden states are 36 wide.
   */
  @Test
  void aProjectionIsRowsOfAWeight() {
    assertThat(llama().find("model.layers.1.self_attn.q_proj"))
        .isEqualTo(new Module(Use.PROJECTION, 1, "qkv", 0, 36, 60, 36));
    assertThat(llama().find("model.layers.1.self_attn.k_proj"))
        .isEqualTo(new Module(Use.PROJECTION, 1, "qkv", 36, 12, 60, 36));
    assertThat(llama().find("model.layers.0.self_attn.v_proj"))
        .isEqualTo(new Module(Use.PROJECTION, 0, "qkv", 48, 12, 60, 36));
    assertThat(llama().find("model.layers.0.mlp.up_proj"))
        .isEqualTo(new Module(Use.PROJECTION, 0, "up", 44, 44, 88, 36));
    assertThat(llama().find("model.layers.0.mlp.down_proj"))
        .isEqualTo(new Module(Use.PROJECTION, 0, "down", 0, 36, 36, 44));
  }

  @Test
  void embeddingAndHeadStandOutsideTheLayers() {
    assertThat(llama().find("model.embed_tokens"))
        .isEqualTo(new Module(Use.EMBEDDING, -1, "token_embedding", 0, 304, 304, 36));
    assertThat(llama().find("lm_head"))
        .isEqualTo(new Module(Use.HEAD, -1, "head", 0, 304, 304, 36));
  }

  @Test
  void aClassifiersHeadHasANameOfItsOwn() {
    Modules modules = modules("llama-classifier", "score", 2, "model.norm.weight");
    assertThat(modules.find("score")).isEqualTo(new Module(Use.HEAD, -1, "head", 0, 2, 2, 24));
    assertThat(modules.find("lm_head")).isNull();
  }

  /** Biases, norms and learned positions are not changed one by one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformer.h.0.ln_1",
        "transformer.ln_f",
        "transformer.wpe",
        "transformer.h.9.attn.c_attn",
        "transformer.h.0.attn.c_attn.bias"
      })
  void whatIsNoModuleIsNotFound(String name) {
    assertThat(modules("gpt2-odd", null, 300, "transformer.wte.weight").find(name)).isNull();
  }

  /** A file may lack the prefix, and so may who asks; a full name has it. */
  @ParameterizedTest
  @ValueSource(strings = {"transformer.wte.weight", "wte.weight"})
  void aModuleIsTheSameWithAndWithoutThePrefix(String stored) {
    Modules modules = modules("gpt2-untied", null, 300, stored);
    Module module = new Module(Use.PROJECTION, 0, "attention_output", 0, 28, 28, 28);
    assertThat(modules.find("transformer.h.0.attn.c_proj")).isEqualTo(module);
    assertThat(modules.find("h.0.attn.c_proj")).isEqualTo(module);
    assertThat(modules.all()).containsEntry("transformer.h.0.attn.c_proj", module);
    assertThat(modules.all().keySet())
        .containsExactlyInAnyOrder(
            "transformer.wte",
            "lm_head",
            "transformer.h.0.attn.c_attn",
            "transformer.h.0.attn.c_proj",
            "transformer.h.0.mlp.c_fc",
            "transformer.h.0.mlp.c_proj",
            "transformer.h.1.attn.c_attn",
            "transformer.h.1.attn.c_proj",
            "transformer.h.1.mlp.c_fc",
            "transformer.h.1.mlp.c_proj");
  }
}
