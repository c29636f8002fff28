// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a tokenizer beside its {@code tokenizer.json}: in {@code tokenizer_config.json},
 * and, where that has no {@code added_tokens_decoder}, in the older {@code special_tokens_map.json}
 * and {@code added_tokens.json}.
 *
 * @param options {@code tokenizer_config.json}, with the older files' special tokens
 * @param tokenizerClass the class in transformers, without the ending "Fast"
 * @param listed tokens that are added by number, in their order
 * @param chatTemplate the Jinja template, null where there is none
 */
record TokenizerConfig(
    JsonFile options,
    String tokenizerClass,
    List<AddedToken> listed,
    @Nullable String chatTemplate) {

  /** The class of a tokenizer that is all in its {@code tokenizer.json}. */
  static final String PLAIN = "PreTrainedTokenizer";

  private static final String GPT2 = "GPT2Tokenizer";
  private static final String GPT2_EOS = "<|endoftext|>";
  private static final String EOS = "eos_token";
  private static final String TOKEN = "_token";
  private static final List<String> EXTRA =
      List.of("extra_special_tokens", "additional_special_tokens");

  /** In the order in which transformers adds them. */
  private static final List<String> NAMED =
      List.of("bos_token", EOS, "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

  static TokenizerConfig read(ModelFolder folder) {
    JsonFile config = folder.jsonOrEmpty("tokenizer_config.json");
    String tokenizerClass = tokenizerClass(config, folder.jsonOrEmpty("config.json"));
    String chatTemplate = ChatTemplateFinder.read(folder, config);
    JsonFile decoder = config.object("added_tokens_decoder");
    if (decoder != null) {
      return new TokenizerConfig(config, tokenizerClass, byNumber(decoder), chatTemplate);
    }
    JsonFile options = merge(config, folder.jsonOrEmpty("special_tokens_map.json"));
    JsonFile added = folder.jsonOrEmpty("added_tokens.json");
    return new TokenizerConfig(options, tokenizerClass, List.of(), chatTemplate).withAdded(added);
  }

  /** GPT-2's own directories name no class; their model type stands for it. */
  private static String tokenizerClass(JsonFile config, JsonFile model) {
    String named = config.text("tokenizer_class");
    if (named == null) {
      named = model.text("tokenizer_class");
    }
    if (named == null) {
      named = "gpt2".equals(model.text("model_type")) ? GPT2 : PLAIN;
    }
    return named.endsWith("Fast") ? named.substring(0, named.length() - 4) : named;
  }

  private static List<AddedToken> byNumber(JsonFile decoder) {
    Map<Integer, AddedToken> tokens = new TreeMap<>();
    for (String id : decoder.keys()) {
      JsonFile token = decoder.object(id);
      if (token == null || !id.matches("\\d{1,9}")) {
        throw decoder.invalid(id, "must be a token under its number");
      }
      tokens.put(Integer.valueOf(id), AddedToken.of(token));
    }
    return List.copyOf(tokens.values());
  }

  /** The map's tokens count, but lists of more tokens only where the config has none. */
  private static JsonFile merge(JsonFile config, JsonFile map) {
    ObjectNode merged = config.json().deepCopy();
    for (String key : map.keys()) {
      if (NAMED.contains(key)) {
        token(map, key, map.find(key)); // a broken one is this file's fault
      }
      if (!EXTRA.contains(key) || EXTRA.stream().noneMatch(config::has)) {
        merged.set(key, map.find(key));
      }
    }
    return new JsonFile(config.file(), "", merged);
  }

  /** The tokens of {@code added_tokens.json}, which holds each one's number under its text. */
  private TokenizerConfig withAdded(JsonFile added) {
    List<String> special = specialTokens().stream().map(AddedToken::content).toList();
    Map<Integer, AddedToken> tokens = new TreeMap<>();
    for (String text : added.keys()) {
      int id = added.integer(text, null, 0, Integer.MAX_VALUE);
      tokens.put(id, AddedToken.of(text, special.contains(text)));
    }
    return new TokenizerConfig(options, tokenizerClass, List.copyOf(tokens.values()), chatTemplate);
  }

  /** The special tokens, in the order in which transformers adds them. */
  List<AddedToken> specialTokens() {
    Map<String, AddedToken> tokens = new LinkedHashMap<>();
    for (String key : NAMED) {
      put(tokens, token(options, key, options.find(key)));
    }
    for (String key : options.keys()) {
      if (key.endsWith(TOKEN) && isText(options.find(key))) {
        put(tokens, token(options, key, options.find(key)));
      }
    }
    for (String key : EXTRA) {
      JsonNode extra = options.json().path(key); // a list, or an object with names for them
      if (!extra.isEmpty()) {
        extra.forEach(value -> put(tokens, token(options, key, value)));
        break;
      }
    }
    return List.copyOf(tokens.values());
  }

  private static void put(Map<String, AddedToken> tokens, @Nullable AddedToken token) {
    if (token != null) {
      tokens.putIfAbsent(token.content(), token);
    }
  }

  /** A special token is written as a string or as an object with its text as content. */
  private static @Nullable AddedToken token(JsonFile file, String key, @Nullable JsonNode value) {
    if (value == null || isText(value)) {
      return value == null ? null : AddedToken.of(value.asText(), true);
    }
    if (value instanceof ObjectNode object && isText(object.get("content"))) {
      return AddedToken.of(new JsonFile(file.file(), file.path() + key + ".", object)).asSpecial();
    }
    throw file.invalid(key, "must be a string or an object with content");
  }

  private static boolean isText(@Nullable JsonNode value) {
    return value != null && value.isTextual();
  }

  /** The texts of the special tokens by their names, as chat templates read them. */
  Map<String, Object> namedTokens() {
    Map<String, Object> texts = new HashMap<>();
    for (String key : NAMED) {
      AddedToken token = token(options, key, options.find(key));
      if (token != null) {
        texts.put(key, token.content());
      }
    }
    return texts;
  }

  /** The text of the token that ends a text, as it is named; null where none is. */
  @Nullable String namedEosToken() {
    AddedToken token = token(options, EOS, options.find(EOS));
    return token == null ? null : token.content();
  }

  /**
   * The text of the token that ends a text; null where there is none. GPT-2's class has one of its
   * own where the files are silent.
   *
   * @throws InvalidModelException if the tokenizer does not have the token: every score of a
   *     response that ended would be that of a token nobody trained
   */
  @Nullable String eosToken(Vocabulary vocabulary) {
    String named = namedEosToken();
    if (named != null && !vocabulary.ids().containsKey(named)) {
      throw InvalidModelException.in(
          options.file(), "eos_token is '" + named + "', which tokenizer.json does not have");
    }
    if (options.json().has(EOS) || !tokenizerClass.equals(GPT2)) {
      return named;
    }
    return vocabulary.ids().containsKey(GPT2_EOS) ? GPT2_EOS : null;
  }
}
