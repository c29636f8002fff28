// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.InvalidModelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the {@code tokenizer.json} of a model from what its GGUF file says. Two kinds are known:
 * byte-level BPE and SentencePiece's BPE with byte fallback.
 */
final class GgufTokenizer {
  private static final Logger LOG = LoggerFactory.getLogger(GgufTokenizer.class);

  private static final String MODEL = "tokenizer.ggml.model";
  private static final String PRE = "tokenizer.ggml.pre";
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  private static final String ADD_EOS = "tokenizer.ggml.add_eos_token";
  private static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";
  private static final String BYTE_LEVEL = "gpt2";
  private static final String SENTENCE_PIECE = "llama";
  private static final String DEFAULT = "default";
  private static final String SPACE = "\u2581";
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final String TYPE = "type";

  private final GgufMetadata metadata;
  private final String architecture;
  private final GgufVocabulary vocabulary;
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  private GgufTokenizer(GgufMetadata metadata, String architecture) {
    this.metadata = metadata;
    this.architecture = architecture;
    vocabulary = new GgufVocabulary(metadata);
  }

  /**
   * The tokenizer of a model.
   *
   * @throws InvalidModelException if it is of a kind that is not read
   */
  static ObjectNode write(GgufMetadata metadata, String architecture) {
    String kind = metadata.requiredText(MODEL);
    if (!kind.equals(BYTE_LEVEL) && !kind.equals(SENTENCE_PIECE)) {
      throw metadata.invalid(
          MODEL,
          "must be %s (byte-level BPE) or %s (SentencePiece BPE)"
              .formatted(BYTE_LEVEL, SENTENCE_PIECE));
    }
    GgufTokenizer tokenizer = new GgufTokenizer(metadata, architecture);
    return kind.equals(BYTE_LEVEL) ? tokenizer.byteLevel() : tokenizer.sentencePiece();
  }

  private ObjectNode byteLevel() {
    PreTokenizer way = preTokenizer();
    begin();
    ObjectNode model = JsonNodeFactory.instance.objectNode().put(TYPE, "BPE");
    model.put("fuse_unk", false).put("byte_fallback", false);
    way.writeTo(json, model);
    ids(/* spacesRespelled= */ false).forEach(model.putObject("vocab")::put);
    List<String> merges = metadata.texts(MERGES);
    if (merges == null) {
      throw metadata.invalid(MERGES, "must hold the merges of a byte-level BPE");
    }
    merges.forEach(model.putArray("merges")::add);
    PreTokenizer.writeByteLevel(json.putObject("decoder"), true);
    json.set("model", model);
    postProcessor(way.beginsTexts());
    return json;
  }

  private PreTokenizer preTokenizer() {
    String name = metadata.text(PRE);
    if ((name == null || name.equals(DEFAULT)) && !architecture.equals("gpt2")) {
      LOG.warn(
          "{}: {} is {}; texts are split into words as for GPT-2, which may be wrong for the model",
          metadata.file(),
          PRE,
          name == null ? "missing" : name);
    }
    PreTokenizer way = PreTokenizer.find(name == null ? DEFAULT : name);
    if (way == null) {
      throw metadata.invalid(PRE, "must be one of " + String.join(", ", PreTokenizer.supported()));
    }
    return way;
  }

  private ObjectNode sentencePiece() {
    boolean gemma = architecture.startsWith("gemma");
    begin();
    ObjectNode model = JsonNodeFactory.instance.objectNode().put(TYPE, "BPE");
    String unknown = vocabulary.named("unknown_token_id");
    model.put("unk_token", unknown).put("fuse_unk", true).put("byte_fallback", true);
    Map<String, Integer> ids = ids(gemma);
    ids.forEach(model.putObject("vocab")::put);
    merges(model.putArray("merges"), ids, gemma);
    boolean prefix = !gemma && metadata.flag(ADD_SPACE, true);
    if (gemma) {
      splitBehindSpaces();
    } else if (architecture.equals("phi3") && prefix) {
      prependByNormalizer();
    } else {
      json.putNull("normalizer");
      json.putObject("pre_tokenizer")
          .put(TYPE, "Metaspace")
          .put("replacement", SPACE)
          .put("prepend_scheme", prefix ? "first" : "never")
          .put("split", false);
    }
    decoder(prefix);
    json.set("model", model);
    postProcessor(true);
    return json;
  }

  /** What all tokenizers have, and the tokens that are found in a text before it is split. */
  private void begin() {
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    for (int id = 0; id < vocabulary.size(); id++) {
      GgufVocabulary.Kind kind = vocabulary.kind(id);
      boolean special = kind == GgufVocabulary.Kind.CONTROL;
      boolean spaces = SPACES.matcher(vocabulary.token(id)).matches(); // are merged
      if (special || (kind == GgufVocabulary.Kind.USER_DEFINED && !spaces)) {
        added
            .addObject()
            .put("id", id)
            .put("content", vocabulary.token(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", special);
      }
    }
  }

  /** The tokens. Gemma's files have spaces in tokens of several spaces. */
  private Map<String, Integer> ids(boolean spacesRespelled) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      boolean spaces = spacesRespelled && SPACES.matcher(token).matches();
      ids.put(spaces ? SPACE.repeat(token.length()) : token, id);
    }
    return ids;
  }

  private void merges(ArrayNode merges, Map<String, Integer> ids, boolean gemma) {
    List<String> given = metadata.texts(MERGES);
    if (given != null) {
      given.forEach(merges::add);
      return;
    }
    IntToDoubleFunction scores = gemma || allScoresEqual() ? id -> -id : vocabulary::score;
    new ScoredMerges(vocabulary, ids, scores).writeTo(merges);
  }

  /**
   * A converter that has no scores writes the same for all tokens; their order then is that of the
   * merges. Gemma's scores are none either.
   */
  private boolean allScoresEqual() {
    return IntStream.range(0, vocabulary.size())
            .filter(id -> vocabulary.kind(id) == GgufVocabulary.Kind.NORMAL)
            .mapToDouble(vocabulary::score)
            .distinct()
            .count()
        <= 1;
  }

  private void splitBehindSpaces() {
    replaceSpaces(json.putObject("normalizer"));
    ObjectNode split = json.putObject("pre_tokenizer").put(TYPE, "Split");
    split.putObject("pattern").put("String", " ");
    split.put("behavior", "MergedWithPrevious").put("invert", false);
  }

  private void prependByNormalizer() {
    ArrayNode steps = json.putObject("normalizer").put(TYPE, "Sequence").putArray("normalizers");
    steps.addObject().put(TYPE, "Prepend").put("prepend", SPACE);
    replaceSpaces(steps.addObject());
    json.putNull("pre_tokenizer");
  }

  private static void replaceSpaces(ObjectNode step) {
    step.put(TYPE, "Replace").put("content", SPACE).putObject("pattern").put("String", " ");
  }

  private void decoder(boolean prefix) {
    ArrayNode steps = json.putObject("decoder").put(TYPE, "Sequence").putArray("decoders");
    ObjectNode replace = steps.addObject().put(TYPE, "Replace").put("content", " ");
    replace.putObject("pattern").put("String", SPACE);
    steps.addObject().put(TYPE, "ByteFallback");
    steps.addObject().put(TYPE, "Fuse");
    if (prefix) {
      steps.addObject().put(TYPE, "Strip").put("content", " ").put("start", 1).put("stop", 0);
    }
  }

  /** The tokens that are put around a text. */
  private void postProcessor(boolean beginsTexts) {
    String bos = around(ADD_BOS, "bos_token_id", beginsTexts);
    String eos = around(ADD_EOS, "eos_token_id", false);
    if (bos == null && eos == null) {
      json.putNull("post_processor");
      return;
    }
    ObjectNode template = json.putObject("post_processor").put(TYPE, "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    ArrayNode pair = template.putArray("pair");
    for (int text = 0; text < 2; text++) {
      if (bos != null) {
        special(pair, bos, text);
      }
      pair.addObject().putObject("Sequence").put("id", text == 0 ? "A" : "B").put("type_id", text);
      if (eos != null) {
        special(pair, eos, text);
      }
      if (text == 0) {
        single.addAll(pair.deepCopy());
      }
    }
    ObjectNode tokens = template.putObject("special_tokens");
    for (String token : new String[] {bos, eos}) {
      if (token != null) {
        ObjectNode entry = tokens.putObject(token).put("id", token);
        entry.putArray("ids").add(vocabulary.id(token));
        entry.putArray("tokens").add(token);
      }
    }
  }

  private static void special(ArrayNode template, String token, int text) {
    template.addObject().putObject("SpecialToken").put("id", token).put("type_id", text);
  }

  private @Nullable String around(String flag, String key, boolean fallback) {
    if (!metadata.flag(flag, fallback)) {
      return null;
    }
    String token = vocabulary.named(key);
    if (token == null && metadata.has(flag)) {
      throw metadata.invalid(flag, "needs the token of tokenizer.ggml." + key);
    }
    return token;
  }
}
