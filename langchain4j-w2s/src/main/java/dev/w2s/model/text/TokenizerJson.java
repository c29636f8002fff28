// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A {@code tokenizer.json} as it counts: with what {@code tokenizer_config.json} puts in its place
 * or adds to it. The rules are those of transformers where its versions 4.57 and 5.24 agree; where
 * they do not, {@code tokenizer.json} counts as it stands, and an option that says otherwise is
 * warned of.
 */
final class TokenizerJson {
  /** Their own add_prefix_space replaces that of a byte-level pre-tokenizer; absent is false. */
  private static final Set<String> BYTE_LEVEL =
      Set.of("GPT2Tokenizer", "GPTNeoXTokenizer", "CodeGenTokenizer", "Qwen2Tokenizer");

  /** Their options replace those of a BERT normalizer; absent are their defaults. */
  private static final Set<String> BERT =
      Set.of("BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer");

  private static final String LLAMA = "LlamaTokenizer";

  /** Classes whose {@code tokenizer.json} says it all. */
  private static final Set<String> AS_IT_STANDS =
      Set.of(
          TokenizerConfig.PLAIN,
          "TokenizersBackend",
          LLAMA,
          "GemmaTokenizer",
          "BloomTokenizer",
          "CohereTokenizer");

  /** The file's name. */
  static final String NAME = "tokenizer.json";

  private static final String PREFIX_SPACE = "add_prefix_space";
  private static final String TYPE = "type";

  private final JsonFile file;
  private final ObjectNode json;
  private final TokenizerConfig config;
  private final JsonFile options;
  private final Vocabulary vocabulary;
  private final List<String> warnings = new ArrayList<>();

  private TokenizerJson(JsonFile file, TokenizerConfig config, int modelVocabulary) {
    this.file = file;
    this.config = config;
    json = file.json();
    options = config.options();
    switchDropoutOff();
    if (BYTE_LEVEL.contains(config.tokenizerClass())) {
      setByteLevelPrefix();
    }
    if (config.tokenizerClass().equals(LLAMA) && !options.flag(PREFIX_SPACE, true)) {
      takeMetaspacePrefixAway();
    }
    if (BERT.contains(config.tokenizerClass())) {
      setBertNormalizer();
    }
    AddedTokens added = new AddedTokens(file, modelVocabulary);
    vocabulary = added.addAll(config);
    warnings.addAll(added.warnings());
    warnOfWhatIsNotHonoured();
  }

  /**
   * Reads a tokenizer and applies its config.
   *
   * @param modelVocabulary how many token ids the model knows; what is added beyond is left out
   */
  static TokenizerJson read(ModelFolder folder, TokenizerConfig config, int modelVocabulary) {
    byte[] bytes = folder.find(NAME);
    if (bytes == null) {
      throw UnreadTokenizers.missing(folder);
    }
    return new TokenizerJson(JsonFile.parse(folder.file(NAME), bytes), config, modelVocabulary);
  }

  /** The file with everything applied. */
  JsonFile effective() {
    return file;
  }

  /** All its tokens. */
  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** What is said but not done. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Merges left out at random are for training; a score must be the same every time. */
  private void switchDropoutOff() {
    if (json.path("model") instanceof ObjectNode model && model.path("dropout").asDouble() > 0) {
      warnings.add(
          "%s: model.dropout is %s; it is switched off, since a text must have one score"
              .formatted(file.file(), model.path("dropout").asText()));
      model.putNull("dropout");
    }
  }

  private void setByteLevelPrefix() {
    if (json.path("pre_tokenizer") instanceof ObjectNode node && isType(node, "ByteLevel")) {
      node.put(PREFIX_SPACE, options.flag(PREFIX_SPACE, false));
    }
  }

  /** The space is put in front by either, and the decoder takes it away again. */
  private void takeMetaspacePrefixAway() {
    if (json.path("pre_tokenizer") instanceof ObjectNode node && isType(node, "Metaspace")) {
      node.put("prepend_scheme", "never").remove(PREFIX_SPACE);
      removeStep("decoder", "decoders", "Strip");
    }
    if (removeStep("normalizer", "normalizers", "Prepend")) {
      removeStep("decoder", "decoders", "Strip");
    }
  }

  private boolean removeStep(String key, String steps, String type) {
    boolean removed = false;
    if (json.path(key).path(steps) instanceof ArrayNode all) {
      for (int i = all.size() - 1; i >= 0; i--) {
        if (isType(all.path(i), type)) {
          all.remove(i);
          removed = true;
        }
      }
    }
    return removed;
  }

  private void setBertNormalizer() {
    if (json.path("normalizer") instanceof ObjectNode node && isType(node, "BertNormalizer")) {
      node.put("lowercase", options.flag("do_lower_case", true));
      node.put("handle_chinese_chars", options.flag("tokenize_chinese_chars", true));
      if (options.has("strip_accents")) {
        node.put("strip_accents", options.flag("strip_accents", false));
      } else {
        node.putNull("strip_accents"); // as lowercase
      }
    }
  }

  private void warnOfWhatIsNotHonoured() {
    String name = config.tokenizerClass();
    if (Stream.of(BYTE_LEVEL, BERT, AS_IT_STANDS).noneMatch(known -> known.contains(name))) {
      warn("tokenizer_class is " + name + ", which is not known");
    }
    if (options.has("auto_map")) {
      warn("auto_map names program code, which is not run");
    }
    JsonNode normalizer = json.path("normalizer");
    boolean lowers = anyTrue(normalizer, "lowercase") || hasType(normalizer, "Lowercase");
    compare(PREFIX_SPACE, putsSpaceInFront());
    compare("do_lower_case", lowers);
    compare("strip_accents", stripsAccents(normalizer, lowers));
    compare("tokenize_chinese_chars", anyTrue(normalizer, "handle_chinese_chars"));
    List<JsonNode> template = json.path("post_processor").findValues("single");
    compare("add_bos_token", isSpecial(template, 0));
    compare("add_eos_token", isSpecial(template, -1));
    compare("split_special_tokens", false);
    if (options.flag("clean_up_tokenization_spaces", false)
        && !"BPE".equals(json.path("model").path(TYPE).asText())) {
      warn("clean_up_tokenization_spaces is true, but texts keep the spaces of their tokens");
    }
  }

  private void compare(String option, boolean done) {
    if (options.has(option) && options.flag(option, done) != done) {
      warn(option + " is " + !done + ", but tokenizer.json does otherwise");
    }
  }

  private void warn(String problem) {
    warnings.add("%s: %s; tokenizer.json counts".formatted(options.file(), problem));
  }

  private boolean putsSpaceInFront() {
    JsonNode splitter = json.path("pre_tokenizer");
    return anyTrue(splitter, PREFIX_SPACE)
        || splitter.findValuesAsText("prepend_scheme").stream().anyMatch(s -> !s.equals("never"))
        || hasType(json.path("normalizer"), "Prepend");
  }

  private static boolean stripsAccents(JsonNode normalizer, boolean lowers) {
    return hasType(normalizer, "StripAccents")
        || normalizer.findValues("strip_accents").stream()
            .anyMatch(value -> value.isNull() ? lowers : value.asBoolean());
  }

  /** Whether a template has a special token at a place; -1 is the last. */
  private static boolean isSpecial(List<JsonNode> templates, int place) {
    return templates.stream()
        .anyMatch(
            single -> single.path(place < 0 ? single.size() + place : place).has("SpecialToken"));
  }

  private static boolean anyTrue(JsonNode node, String key) {
    return node.findValues(key).stream().anyMatch(JsonNode::asBoolean);
  }

  private static boolean hasType(JsonNode node, String type) {
    return node.findValuesAsText(TYPE).contains(type);
  }

  private static boolean isType(JsonNode node, String type) {
    return node.path(TYPE).asText().equals(type);
  }
}
