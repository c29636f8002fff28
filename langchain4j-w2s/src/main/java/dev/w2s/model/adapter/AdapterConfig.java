// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code adapter_config.json} says of a LoRA adapter (Hu et al. 2021), as PEFT writes it. What
 * would change the numbers and is not supported is refused by name; what concerns training alone is
 * not read.
 */
public final class AdapterConfig {
  /** Its name in an adapter's directory. */
  public static final String FILE = "adapter_config.json";

  private static final int MOST_RANK = 1 << 16;
  private static final double DEFAULT = 8;
  private static final String TASK = "task_type";
  private static final String LANGUAGE_MODEL = "CAUSAL_LM";
  private static final String CLASSIFICATION = "SEQ_CLS";

  /** What changes what an adapter does. */
  private static final List<String> MUST_BE_UNSET =
      List.of(
          "use_dora",
          "lora_bias",
          "use_qalora",
          "use_bdlora",
          "trainable_token_indices",
          "layer_replication",
          "target_parameters",
          "alora_invocation_tokens",
          "arrow_config",
          "kasa_config",
          "monteclora_config",
          "megatron_config");

  /** Beginnings that leave the base as it is; others change its weights as well. */
  private static final Set<String> BEGINNINGS = Set.of("gaussian", "orthogonal", "eva", "mica");

  private final JsonFile json;
  private final int rank;
  private final double alpha;
  private final boolean rankStabilised;
  private final ModulePatterns ranks;
  private final ModulePatterns alphas;

  private AdapterConfig(JsonFile json) {
    this.json = json;
    check();
    rank = json.integer("r", (int) DEFAULT, 1, MOST_RANK);
    alpha = json.positive("lora_alpha", DEFAULT);
    rankStabilised = json.flag("use_rslora", false);
    ranks = new ModulePatterns(json, "rank_pattern");
    alphas = new ModulePatterns(json, "alpha_pattern");
  }

  /**
   * Reads it.
   *
   * @throws InvalidModelException if it is missing, breaks a rule, or asks for what is not
   *     supported
   */
  public static AdapterConfig read(ModelFolder folder) {
    return new AdapterConfig(folder.json(FILE));
  }

  private void check() {
    if (!"LORA".equals(json.text("peft_type"))) {
      throw json.invalid("peft_type", "must be LORA");
    }
    String task = json.text(TASK);
    if (task != null && !task.equals(LANGUAGE_MODEL) && !task.equals(CLASSIFICATION)) {
      throw json.invalid(TASK, "must be " + LANGUAGE_MODEL + " or " + CLASSIFICATION);
    }
    for (String key : MUST_BE_UNSET) {
      if (isSet(json.find(key))) {
        throw json.invalid(key, "must be unset: it is not supported");
      }
    }
    JsonNode beginning = json.find("init_lora_weights");
    if (beginning != null && !beginning.isBoolean() && !BEGINNINGS.contains(beginning.asText())) {
      throw json.invalid(
          "init_lora_weights",
          "must leave the base's weights as they are; PEFT converts such an adapter when it saves"
              + " it (path_initial_model_for_weight_conversion)");
    }
  }

  private static boolean isSet(@Nullable JsonNode value) {
    if (value == null) {
      return false;
    }
    return value.isBoolean() ? value.asBoolean() : !value.isContainerNode() || !value.isEmpty();
  }

  /** Where it was read. */
  public Path file() {
    return json.file();
  }

  /** All that it says. */
  public JsonFile json() {
    return json;
  }

  /** The base as the training has named it; null where it does not. */
  public @Nullable String base() {
    return json.text("base_model_name_or_path");
  }

  /** Whether it makes a classifier. */
  public boolean classifier() {
    return CLASSIFICATION.equals(json.text(TASK));
  }

  /** Whether it says that it is no classifier. */
  public boolean languageModel() {
    return LANGUAGE_MODEL.equals(json.text(TASK));
  }

  /** Rank of a module's change. */
  int rank(String module) {
    String pattern = ranks.match(module);
    return pattern == null ? rank : patterns("rank_pattern").integer(pattern, null, 1, MOST_RANK);
  }

  /** The factor on a module's change of a rank. */
  double scale(String module, int over) {
    String pattern = alphas.match(module);
    double own = pattern == null ? alpha : patterns("alpha_pattern").positive(pattern, null);
    return own / (rankStabilised ? Math.sqrt(over) : over);
  }

  /** Says which patterns have had no effect, once all modules have been asked for. */
  void warnOfUnused() {
    ranks.warnOfUnused();
    alphas.warnOfUnused();
  }

  private JsonFile patterns(String key) {
    JsonFile object = json.object(key);
    if (object == null) {
      throw json.invalid(key, "must be given");
    }
    return object;
  }

  /** Whether a module is among those that the config lists; patterns of targets list none. */
  boolean listsTarget(String module, int layer) {
    JsonNode excluded = json.find("exclude_modules");
    boolean byPattern = excluded != null && excluded.isTextual();
    return !byPattern
        && names("target_modules").stream().anyMatch(name -> isOrEndsWith(module, name))
        && names("exclude_modules").stream().noneMatch(name -> isOrEndsWith(module, name))
        && transforms(layer);
  }

  private boolean transforms(int layer) {
    List<Long> layers = json.wholeNumbers("layers_to_transform");
    return layers.isEmpty() || layers.contains((long) layer);
  }

  /** Whether a module should have been saved whole. */
  boolean listsSaved(String module) {
    return names("modules_to_save").stream().anyMatch(name -> isOrEndsWith(module, name));
  }

  private static boolean isOrEndsWith(String module, String name) {
    return module.equals(name) || module.endsWith("." + name);
  }

  private List<String> names(String key) {
    JsonNode value = json.find(key);
    List<String> names = new ArrayList<>();
    if (value != null && value.isArray()) {
      for (JsonNode name : value) {
        if (!name.isTextual()) {
          throw json.invalid(key, "must hold names of modules");
        }
        names.add(name.asText());
      }
    }
    return names;
  }
}
