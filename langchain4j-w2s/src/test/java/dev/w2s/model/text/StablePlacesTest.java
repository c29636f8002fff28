// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StablePlacesTest {
  @TempDir private Path directory;

  static Stream<TokenizerVariant> stable() {
    return TokenizerVariants.stable();
  }

  static Stream<TokenizerVariant> unstable() {
    return TokenizerVariants.unstable();
  }

  @ParameterizedTest
  @MethodSource("stable")
  void usualTokenizersKeepThem(TokenizerVariant variant) {
    try (ModelTokenizer tokenizer = variant.load(directory)) {
      assertThat(tokenizer.keepsPlaces()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("unstable")
  void othersDoNot(TokenizerVariant variant) {
    try (ModelTokenizer tokenizer = variant.load(directory)) {
      assertThat(tokenizer.keepsPlaces()).isFalse();
    }
  }

  /** A place is named by the index of its space. */
  @ParameterizedTest
  @CsvSource({
    "'a b c', 5, 3",
    "'a b c', 3, 1",
    "'a b c', 1, -1",
    "'a b c', 0, -1",
    "'a b c', -1, -1",
    "'a  b', 4, 1",
    "' a', 2, -1",
    "'é b', 3, -1",
    "'日 b. c', 6, 4",
    "'~ !', 3, 1",
    "'! b', 3, 1",
    "'', 0, -1",
  })
  void theLastPlaceBeforeAnIndexIsFound(String text, int end, int expected) {
    assertThat(StablePlaces.lastBefore(text, end)).isEqualTo(expected);
  }

  /** Unigram and BPE, by the parts that matter; the rest as a SentencePiece model has it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'type':'Unigram'|{'type':'Metaspace','replacement':'▁'}|true",
        "'type':'Unigram'|{'type':'Metaspace','replacement':'▁','split':false}|false",
        "'type':'Unigram'|{'type':'Sequence','pretokenizers':[{'type':'Digits'},"
            + "{'type':'Metaspace','replacement':'▁'}]}|true",
        "'type':'Unigram'|{'type':'Sequence','pretokenizers':[{'type':'Digits'}]}|false",
        "'type':'BPE'|{'type':'ByteLevel'}|true",
        "'merges':[]|{'type':'ByteLevel'}|true",
        "'type':'BPE','dropout':0.1|{'type':'ByteLevel'}|false",
        "'type':'BPE','continuing_subword_prefix':'##'|{'type':'ByteLevel'}|false",
        "'type':'BPE','end_of_word_suffix':'</w>'|{'type':'ByteLevel'}|false",
        "'type':'WordPiece'|{'type':'ByteLevel'}|false",
      },
      quoteCharacter = '~')
  void modelAndSplitterDecide(String model, String splitter, boolean expected) throws IOException {
    String json = "{'model':{" + model + "},'pre_tokenizer':" + splitter + "}";
    assertThat(StablePlaces.keptBy(new ObjectMapper().readTree(json.replace('\'', '"')), List.of()))
        .isEqualTo(expected);
  }

  /** Parts of a BPE model that look at a character at a time, and some that do not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null|null|true",
        "{'type':'NFC'}|null|true",
        "{'type':'Strip'}|null|false",
        "{'type':'Sequence','normalizers':[{'type':'NFKC'},{'type':'Lowercase'}]}|null|true",
        "{'type':'Sequence','normalizers':[{'type':'NFD'},{'type':'StripAccents'}]}|null|false",
        "{'type':'Replace','pattern':{'String':' '},'content':'▁'}|null|true",
        "{'type':'Replace','pattern':{'String':' '},'content':'_'}|null|false",
        "{'type':'Replace','pattern':{'String':'a'},'content':'▁'}|null|false",
        "null|{'type':'Metaspace','replacement':'▁'}|true",
        "null|{'type':'Metaspace','replacement':'_'}|false",
        "null|{'type':'Split','pattern':{'String':' '}}|true",
        "null|{'type':'Split','pattern':{'String':'a '}}|false",
        "null|{'type':'Split','pattern':{'Regex':'a ?'}}|false",
        "null|{'type':'Sequence','pretokenizers':[{'type':'Digits'},{'type':'Punctuation'}]}|true",
        "null|{'type':'Sequence','pretokenizers':[{'type':'Digits'},{'type':'Whitespace'}]}|false",
      },
      quoteCharacter = '~')
  void normalizerAndSplitterDecide(String normalizer, String splitter, boolean expected)
      throws IOException {
    String json =
        "{'model':{'type':'BPE'},'normalizer':%s,'pre_tokenizer':%s}"
            .formatted(normalizer, splitter);
    assertThat(StablePlaces.keptBy(new ObjectMapper().readTree(json.replace('\'', '"')), List.of()))
        .isEqualTo(expected);
  }

  /** Spaces as they are, as SentencePiece writes them, and as a byte-level vocabulary does. */
  @ParameterizedTest
  @CsvSource({"a b, false", "~▁, false", "!Ġ, false", "▁a, true", "Ġ, true", "é b, true"})
  void noTokenHasAPlaceInside(String token, boolean expected) throws IOException {
    JsonNode tokenizer = new ObjectMapper().readTree("{\"model\":{\"type\":\"BPE\"}}");
    assertThat(StablePlaces.keptBy(tokenizer, List.of("x", token))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TokenizerVariants.LLAMA_3,
        TokenizerVariants.GPT_4O,
        TokenizerVariants.DEEPSEEK,
        "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s+(?!\\S)|\\s+",
        "[0-9][0-9][0-9]",
        "\\n",
        "[ -~]",
        "(?:a)| b",
        "(a|b)|(?:c|(?i:d))| e",
      })
  void expressionsThatStopAtSpacesKeepThem(String expression) {
    assertThat(SplitPattern.keepsPlaces(expression)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TokenizerVariants.THREES_FROM_THE_RIGHT,
        "a b",
        "\\w+\\s?",
        "[^\\n]+",
        "[^\\n]{1,7}",
        "[ -~]*x",
        "(?: ?\\w)+",
        "(\\w|\\s)",
        "(?:a|\\n) b",
        "(?:(?:a)|\\n ?)",
        "! b",
        "~ b",
        "x. y",
        ".",
        "^ ?\\w+",
        "\\w+$",
        "\\b\\w+",
        "(?<=a)\\w+",
        "(?<!a)\\w+",
        "(\\w)\\1",
        "\\w+(?= \\w)",
        "\\X",
        "[[:alpha:]]+",
        "[\\w&&[^a]]+",
        "\\p{^L}+",
        "\\p{Unheard}",
      })
  void otherExpressionsAreNotKnownTo(String expression) {
    assertThat(SplitPattern.keepsPlaces(expression)).isFalse();
  }
}
