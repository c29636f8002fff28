// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static dev.w2s.model.gguf.GgufBytes.INT32;
import static dev.w2s.model.gguf.GgufBytes.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.testkit.GoldenFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers are what their files say, and those of other kinds are refused by name. */
class GgufTokenizerTest {
  private static final String TYPES = "tokenizer.ggml.token_type";
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String PRE = "tokenizer.ggml.pre";

  @TempDir private Path directory;

  private GgufFolder folder(GgufBytes file) {
    return GgufFolder.open(file.write(directory.resolve("model.gguf")));
  }

  private TokenIds tokens(GgufBytes file, String text) {
    try (ModelTokenizer tokenizer = ModelTokenizer.load(folder(file), 1000)) {
      return tokenizer.encode(text, true);
    }
  }

  private void assertRefused(GgufBytes file, String... message) {
    assertThatThrownBy(() -> folder(file).find("tokenizer.json"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(directory.resolve("model.gguf") + ": ")
        .hasMessageContainingAll(message);
  }

  private static GgufBytes byteLevel() {
    return GgufBytes.llama("llama");
  }

  private static GgufBytes sentencePiece(String architecture, List<String> tokens, int... types) {
    return GgufBytes.llama(architecture)
        .set("tokenizer.ggml.model", "llama")
        .without("tokenizer.ggml.merges")
        .without("tokenizer.ggml.eos_token_id")
        .set("tokenizer.ggml.tokens", tokens)
        .set(TYPES, INT32, types);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "t5", "rwkv", "plamo2", "gemma4", "none"})
  void otherKindsAreRefusedByName(String kind) {
    assertRefused(
        byteLevel().set("tokenizer.ggml.model", kind),
        "tokenizer.ggml.model is '" + kind + "'; it must be gpt2 (byte-level BPE) or llama");
  }

  @Test
  void otherWaysOfSplittingAreRefusedByName() {
    assertRefused(
        byteLevel().set(PRE, "gigachat"),
        "tokenizer.ggml.pre is 'gigachat'; it must be one of dbrx, ",
        ", llama-bpe, ",
        ", smollm, ");
  }

  /** As the reference splits for files with these names. */
  @Test
  void expressionsAreThoseOfTransformers() {
    JsonNode splits = GoldenFiles.file("gguf/splits.json");
    assertThat(splits).isNotEmpty();
    PreTokenizer.supported()
        .forEach(
            name -> {
              PreTokenizer way = PreTokenizer.find(name);
              JsonNode expected = splits.get(name);
              assertThat(way).as(name).isNotNull();
              assertThat(way.expression())
                  .as(name)
                  .isEqualTo(expected == null ? null : expected.asText());
            });
  }

  /** What else stands in the models' {@code tokenizer.json}. */
  @ParameterizedTest
  @CsvSource({
    "gpt-2, , ByteLevel",
    "olmo, NFC, ByteLevel",
    "starcoder, , Digits ByteLevel",
    "llama-bpe, , Split ByteLevel",
    "qwen2, NFC, Split ByteLevel",
  })
  void wordsAreFoundInTheModelsSteps(String pre, String normalizer, String steps) {
    JsonNode tokenizer = folder(byteLevel().set(PRE, pre)).json("tokenizer.json").json();
    assertThat(tokenizer.get("normalizer").path("type").asText(null)).isEqualTo(normalizer);
    JsonNode split = tokenizer.get("pre_tokenizer").get("pretokenizers");
    assertThat(split.findValuesAsText("type")).containsExactly(steps.split(" ", -1));
    assertThat(split.get(split.size() - 1).get("use_regex").booleanValue())
        .as("by GPT-2's own expression, where there is no other")
        .isEqualTo(!steps.contains("Split"));
  }

  @ParameterizedTest
  @CsvSource({"gpt-2,0 1", "qwen2,0 1", "llama-bpe,2", "smaug-bpe,2", "tekken,2"})
  void wordsThatAreTokensAreTakenWholeWhereTheModelDoesSo(String pre, String expected) {
    GgufBytes file = byteLevel().set(PRE, pre).set("tokenizer.ggml.merges", List.of());
    assertThat(tokens(file, "ab")).hasToString(tokens(expected).toString());
  }

  private static TokenIds tokens(String ids) {
    return TokenIds.of(Arrays.stream(ids.split(" ", -1)).mapToInt(Integer::parseInt).toArray());
  }

  @Test
  void aFileWithoutAWayOfSplittingIsReadAsGpt2() {
    assertThat(tokens(byteLevel().without(PRE), "ab<end>a")).isEqualTo(TokenIds.of(2, 3, 0));
    assertThat(tokens(byteLevel().set(PRE, "default"), "ab")).isEqualTo(TokenIds.of(2));
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-2,,2",
    "gpt-2,true,3 2",
    "llama-bpe,,3 2",
    "llama-bpe,false,2",
  })
  void aTokenIsPutInFrontAsTheFileSays(String pre, Boolean said, String expected) {
    GgufBytes file = byteLevel().set(PRE, pre).set("tokenizer.ggml.bos_token_id", 3);
    if (said != null) {
      file.set("tokenizer.ggml.add_bos_token", said);
    }
    assertThat(tokens(file, "ab")).isEqualTo(tokens(expected));
  }

  @Test
  void theTokenInFrontMustBeKnown() {
    GgufBytes file = byteLevel().set("tokenizer.ggml.add_bos_token", true);
    assertRefused(
        file,
        "tokenizer.ggml.add_bos_token is true; it needs the token of tokenizer.ggml.bos_token_id");
    assertRefused(file.set("tokenizer.ggml.bos_token_id", 4), "it needs the token of");
  }

  /** Left from a default: 32000 of another model, -1. */
  @ParameterizedTest
  @ValueSource(ints = {32_000, -1})
  void numbersOfNoTokenDoNotCount(int id) {
    GgufBytes file =
        byteLevel()
            .set("tokenizer.ggml.eos_token_id", id)
            .raw("tokenizer.ggml.padding_token_id", ints(INT32, id));
    try (ModelTokenizer tokenizer = ModelTokenizer.load(folder(file), 1000)) {
      assertThat(tokenizer.eosToken()).isNull();
    }
  }

  @Test
  void brokenVocabulariesAreRefused() {
    assertRefused(
        byteLevel().set("tokenizer.ggml.tokens", List.of("a", "b", "a", "<end>")),
        "token 'a' has two numbers, 0 and 2");
    assertRefused(
        byteLevel().set(TYPES, INT32, 1, 1),
        TYPES + " is an array of 2 INT32; it must have one element for each of 4 tokens");
    assertRefused(byteLevel().set(TYPES, INT32, 1, 1, 9, 1), "token 2 is of type 9");
    assertRefused(byteLevel().without("tokenizer.ggml.tokens"), "must hold the model's tokens");
    assertRefused(byteLevel().without("tokenizer.ggml.merges"), "tokenizer.ggml.merges is missing");
    assertRefused(byteLevel().set("tokenizer.ggml.tokens", 7), "tokenizer.ggml.tokens is 7");
  }

  @Test
  void mergesThatLeadNowhereAreRefused() {
    GgufBytes file = byteLevel().set("tokenizer.ggml.merges", List.of("a c"));
    assertThatThrownBy(() -> tokens(file, "a"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("model.gguf");
  }

  /** "▁a" is worth less than "ab", and so the letters are joined first. */
  @Test
  void neighboursWorthMostAreJoinedFirst() {
    List<String> tokens = List.of("<unk>", "<s>", "▁", "a", "b", "▁a", "ab", "▁ab");
    GgufBytes file = sentencePiece("llama", tokens, 2, 3, 1, 1, 1, 1, 1, 1);
    file.floats(SCORES, 0, 0, -9, -9, -9, -2, -1, -30).set("tokenizer.ggml.bos_token_id", 1);
    assertThat(tokens(file, "ab")).isEqualTo(TokenIds.of(1, 7));
    file.floats(SCORES, 0, 0, -9, -9, -9, -2, -1, -3);
    assertThat(tokens(file, "ab a")).isEqualTo(TokenIds.of(1, 7, 5));
    file.set("tokenizer.ggml.add_bos_token", false).set("tokenizer.ggml.add_space_prefix", false);
    assertThat(tokens(file, "ab")).isEqualTo(TokenIds.of(6));
  }

  /** A converter without scores writes the same for all. */
  @Test
  void withoutScoresTheOrderOfTokensCounts() {
    List<String> tokens = List.of("<unk>", "<s>", "▁", "a", "b", "c", "ab", "bc");
    GgufBytes file = sentencePiece("llama", tokens, 2, 3, 1, 1, 1, 1, 1, 1);
    file.floats(SCORES, -1000, -1000, -1000, -1000, -1000, -1000, -1000, -1000);
    assertThat(tokens(file, "abc")).isEqualTo(TokenIds.of(2, 6, 5));
  }

  /**
   * Gemma's files have spaces in the tokens of several spaces, and no scores that mean anything.
   */
  @Test
  void gemmasSpacesAreTokens() {
    List<String> tokens = List.of("<unk>", "<s>", "▁", "a", "  ", "\n", "\n\n", "▁a");
    GgufBytes file =
        sentencePiece("gemma2", tokens, 2, 3, 1, 1, 4, 1, 4, 1)
            .set("gemma2.attention.sliding_window", 8);
    file.floats(SCORES, 0, 0, 0, 0, -1000, 0, -1000, 0).set("tokenizer.ggml.bos_token_id", 1);
    assertThat(tokens(file, "a  a\n\n a")).isEqualTo(TokenIds.of(1, 3, 4, 3, 6, 7));
  }

  /** Phi-3 puts its space in front of a text that begins with one, others do not. */
  @Test
  void spacesInFrontDependOnTheModel() {
    List<String> tokens = List.of("<unk>", "<s>", "▁", "a", "b", "c", "d", "e");
    GgufBytes llama = sentencePiece("llama", tokens, 2, 3, 1, 1, 1, 1, 1, 1);
    llama.floats(SCORES, 0, 0, -1, -2, -3, -4, -5, -6);
    assertThat(tokens(llama, " a")).isEqualTo(TokenIds.of(2, 3));
    GgufBytes phi3 = sentencePiece("phi3", tokens, 2, 3, 1, 1, 1, 1, 1, 1);
    phi3.floats(SCORES, 0, 0, -1, -2, -3, -4, -5, -6);
    assertThat(tokens(phi3, " a")).isEqualTo(TokenIds.of(2, 2, 3));
  }

  @Test
  void scoresMustBeThere() {
    GgufBytes file = sentencePiece("llama", List.of("<unk>", "a"), 2, 1);
    assertRefused(file, SCORES + " is missing; it must be numbers, one for each token");
  }

  @Test
  void tokensBeyondAllWordsAreRefused() {
    GgufBytes file = sentencePiece("llama", List.of("<unk>", "a".repeat(300)), 2, 1);
    assertRefused(
        file.floats(SCORES, 0, 1), "token 1 has 300 characters; it must have at most 256");
  }

  @Test
  void filesWithTheSameTokensHaveTheSameTokenizer() {
    GgufFolder one = folder(byteLevel());
    GgufFolder same =
        folder(byteLevel().set("tokenizer.chat_template", "x").set("general.name", "y"));
    GgufFolder other = folder(byteLevel().set(TYPES, INT32, 1, 1, 4, 3));
    assertThat(one.sameFile(same, "tokenizer.json")).isTrue();
    assertThat(one.sameFile(other, "tokenizer.json")).isFalse();
    assertThat(one.sameFile(folder(GgufBytes.llama("qwen2")), "tokenizer.json")).isFalse();
    assertThat(one.sameFile(same, "tokenizer_config.json")).isFalse();
  }

  /** "ab" is worth more than "▁a", which comes before it. */
  @Test
  void scoresGoBeforeTheOrderOfTokens() {
    List<String> tokens = List.of("<unk>", "<s>", "▁", "a", "b", "▁a", "ab");
    GgufBytes file = sentencePiece("llama", tokens, 2, 3, 1, 1, 1, 1, 1);
    file.floats(SCORES, 0, 0, -9, -9, -9, -2, -1);
    assertThat(tokens(file, "ab")).isEqualTo(TokenIds.of(2, 6));
    file.floats(SCORES, 0, 0, -9, -9, -9, -9, -9);
    assertThat(tokens(file, "ab")).as("no word is worth more").isEqualTo(TokenIds.of(5, 4));
  }

  /** Were it by length, "ab" and "c" would be joined before "c" and "d". */
  @Test
  void withoutScoresTheOrderGoesBeforeTheLength() {
    List<String> tokens = List.of("<unk>", "▁", "a", "b", "c", "d", "ab", "cd", "abc");
    GgufBytes file = sentencePiece("llama", tokens, 2, 1, 1, 1, 1, 1, 1, 1, 1);
    file.floats(SCORES, 0, -1, -1, -1, -1, -1, -1, -1, -1);
    assertThat(tokens(file, "abcd")).isEqualTo(TokenIds.of(1, 6, 7));
  }

  /** Newer converters write them, and scores are then not looked at. */
  @Test
  void mergesThatAreGivenCount() {
    List<String> tokens = List.of("<unk>", "▁", "a", "b", "▁a", "ab");
    GgufBytes file = sentencePiece("llama", tokens, 2, 1, 1, 1, 1, 1);
    file.set("tokenizer.ggml.merges", List.of("a b", "▁ a"));
    assertThat(tokens(file, "ab")).isEqualTo(TokenIds.of(1, 5));
    file.set("tokenizer.ggml.merges", List.of("▁ a", "a b"));
    assertThat(tokens(file, "ab")).isEqualTo(TokenIds.of(4, 3));
  }

  /** With the space that is put in front, and without. */
  @ParameterizedTest
  @CsvSource({"llama, true", "llama, false", "phi3, true", "phi3, false", "gemma2, false"})
  void textsComeBackFromTheirTokens(String architecture, boolean prefix) {
    List<String> tokens = List.of("<unk>", "<s>", "▁", "a", "b", "<0xC3>", "<0xA9>", "<x>");
    GgufBytes file =
        sentencePiece(architecture, tokens, 2, 3, 1, 1, 1, 6, 6, 4)
            .floats(SCORES, 0, 0, -1, -2, -3, 0, 0, 0)
            .set("tokenizer.ggml.bos_token_id", 1)
            .set("tokenizer.ggml.add_space_prefix", prefix)
            .set(architecture + ".attention.sliding_window", 8);
    try (ModelTokenizer tokenizer = ModelTokenizer.load(folder(file), 1000)) {
      // Where a space is put in front, one that is there already is taken for it.
      for (String text : List.of("a b", "éa", prefix ? "ab" : " ab")) {
        TokenIds ids = tokenizer.encode(text, true);
        assertThat(ids.get(0)).isEqualTo(1);
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
      }
      assertThat(tokenizer.encode("a<x>", false).toList()).as("a token of its own").endsWith(7);
      assertThat(tokenizer.encode("a<s>", false).toList()).endsWith(1);
    }
  }

  private JsonNode postProcessor(GgufBytes file) {
    return folder(file).json("tokenizer.json").json().get("post_processor");
  }

  @Test
  void tokensArePutAroundOneTextAndTwo() {
    GgufBytes file =
        byteLevel()
            .set("tokenizer.ggml.bos_token_id", 0)
            .set("tokenizer.ggml.add_bos_token", true)
            .set("tokenizer.ggml.add_eos_token", true);
    assertThat(postProcessor(file).toString())
        .isEqualTo(
            """
            {"type":"TemplateProcessing",\
            "single":[{"SpecialToken":{"id":"a","type_id":0}},\
            {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<end>","type_id":0}}],\
            "pair":[{"SpecialToken":{"id":"a","type_id":0}},\
            {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<end>","type_id":0}},\
            {"SpecialToken":{"id":"a","type_id":1}},\
            {"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"<end>","type_id":1}}],\
            "special_tokens":{"a":{"id":"a","ids":[0],"tokens":["a"]},\
            "<end>":{"id":"<end>","ids":[3],"tokens":["<end>"]}}}""");
    file.set("tokenizer.ggml.add_bos_token", false);
    assertThat(postProcessor(file).get("single").toString())
        .isEqualTo(
            """
            [{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<end>","type_id":0}}]""");
    file.set("tokenizer.ggml.add_bos_token", true).set("tokenizer.ggml.add_eos_token", false);
    assertThat(postProcessor(file).get("single").toString())
        .isEqualTo(
            """
            [{"SpecialToken":{"id":"a","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]""");
    file.set("tokenizer.ggml.add_bos_token", false);
    assertThat(postProcessor(file).isNull()).isTrue();
  }
}
