// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.Golden;
import dev.w2s.model.ModelReference;
import dev.w2s.model.files.ModelFolder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTokenizerTest {
  /** Byte-level as GPT-2's, and with normalizers and byte fallback as Llama 2's. */
  private static final List<String> BOTH = List.of("gpt2-odd", "llama-old-style");

  private static ModelTokenizer load(String name) {
    return ModelTokenizer.load(ModelFolder.of(Golden.directory(name)), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uD83D",
        "a\uDE00b",
        "\uDE00\uD83D",
        "a\0b",
        "\0",
        "😀👍🏽👨‍👩‍👧‍👦",
        "\uFFFF\uFFFE\uFFFD\uFEFF",
        "\u202E\u0301\u0301\u0301",
        "<|endoftext|><s></s>",
        " \t\r\n\u00a0\u2028",
      })
  void oddTextsAreTokenized(String text) {
    for (String name : BOTH) {
      try (ModelTokenizer tokenizer = load(name)) {
        assertThat(tokenizer.encode(text, true).stream()).as(name).isNotEmpty();
        assertThat(tokenizer.countTokens(text)).isPositive();
        assertThat(tokenizer.endOfTokens(text, 1)).isBetween(0, text.length());
        assertThat(tokenizer.endOfTokens(text, 1000)).isEqualTo(text.length());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "é — naïve", "😀👍🏽 déjà vu", " two  spaces ", "日本の映画\n"})
  void textsComeBackFromTheirTokens(String text) {
    for (String name : BOTH) {
      try (ModelTokenizer tokenizer = load(name)) {
        assertThat(tokenizer.decode(tokenizer.encode(text, true))).as(name).isEqualTo(text);
      }
    }
  }

  @Test
  void aLoneSurrogateIsReadAsAQuestionMark() {
    for (String name : BOTH) {
      try (ModelTokenizer tokenizer = load(name)) {
        assertThat(tokenizer.encode("a\uD83Db", true)).isEqualTo(tokenizer.encode("a?b", true));
      }
    }
  }

  @Test
  void aHundredThousandCharactersAreTokenized() {
    String text = "the movie ".repeat(10_000);
    for (String name : BOTH) {
      try (ModelTokenizer tokenizer = load(name)) {
        assertThat(tokenizer.decode(tokenizer.encode(text, true))).isEqualTo(text);
        assertThat(tokenizer.countTokens("x".repeat(100_000))).isBetween(100_000, 100_001);
      }
    }
  }

  @Test
  void anEmptyTextHasTheSpecialTokensOnly() {
    try (ModelTokenizer plain = load("gpt2-odd");
        ModelTokenizer special = load("llama-old-style")) {
      assertThat(plain.encode("", true).stream()).isEmpty();
      assertThat(special.encode("", true).stream()).containsExactly(1);
      assertThat(special.encode("", false).stream()).isEmpty();
      assertThat(special.countTokens("")).isZero();
    }
  }

  @Test
  void specialTokensAreKnown() {
    try (ModelTokenizer tokenizer = load("llama-old-style")) {
      assertThat(tokenizer.eosToken()).isEqualTo(2);
      assertThat(tokenizer.chatTemplate()).isNull();
      assertThat(tokenizer.decode(TokenIds.of(1, 2))).isEmpty();
    }
  }

  /** Counted by hand in the base model's tokens: one a word, with its space. */
  @ParameterizedTest
  @CsvSource({"1, This", "2, This movie", "3, This movie was", "9, This movie was"})
  void endOfTokensIsAnIndexIntoTheText(int count, String beginning) {
    try (ModelTokenizer tokenizer =
        ModelTokenizer.load(
            ModelFolder.of(ModelReference.parse("embedded:movie-reviews/base").resolve()),
            1 << 20)) {
      assertThat("This movie was".substring(0, tokenizer.endOfTokens("This movie was", count)))
          .isEqualTo(beginning);
    }
  }

  /** A character of two chars, of four byte tokens. */
  @Test
  void endOfTokensNeverSplitsACharacter() {
    String text = "a😀b";
    try (ModelTokenizer tokenizer = load("gpt2-odd")) {
      for (int count = 1; count <= 6; count++) {
        int end = tokenizer.endOfTokens(text, count);
        assertThat(end).isIn(1, 3, 4);
      }
      assertThat(tokenizer.endOfTokens(text, 1)).isEqualTo(1);
      assertThat(tokenizer.endOfTokens(text, 6)).isEqualTo(4);
    }
  }

  /**
   * Whatever stands in front, a response's text grows with its tokens and never shrinks or changes:
   * characters appear when their last byte is there.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "This movie| was great",
        "This movie|déjà vu 😀👍🏽!",
        "日本|の映画、日本の映画",
        "日本日本日本日本日本|の映画",
        "😀😀😀😀😀😀|👍🏽😀 é",
        "é|é",
      })
  void aResponseGrowsByWholeCharacters(String prompt, String response) {
    for (String name : BOTH) {
      try (ModelTokenizer tokenizer = load(name)) {
        TokenIds before = tokenizer.encode(prompt, true);
        TokenIds all = tokenizer.encode(prompt + response, true);
        assertThat(all.part(0, before.size())).as("no seam in %s", name).isEqualTo(before);
        TokenIds after = all.part(before.size(), all.size());
        ResponseDecoder decoder = new ResponseDecoder(tokenizer, before);
        List<String> texts = new ArrayList<>();
        for (int end = 0; end <= after.size(); end++) {
          texts.add(decoder.decode(after.part(0, end)).text());
        }
        for (int i = 1; i < texts.size(); i++) {
          assertThat(texts.get(i)).as(name).startsWith(texts.get(i - 1));
          assertThat(response).as(name).startsWith(texts.get(i));
        }
        assertThat(texts.get(after.size())).as(name).isEqualTo(response);
      }
    }
  }

  @Test
  void isClosedOnceAndForAll() {
    ModelTokenizer tokenizer = load("gpt2-odd");
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a", true)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tokenizer.decode(TokenIds.of(1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSharedTokenizerOutlivesTheOther() {
    ModelTokenizer first = load("gpt2-odd");
    try (ModelTokenizer second = first.share()) {
      TokenIds tokens = first.encode("the movie", true);
      first.close();
      assertThat(second.encode("the movie", true)).isEqualTo(tokens);
      assertThat(second.eosToken()).isEqualTo(second.vocabulary().ids().get("<|endoftext|>"));
    }
    assertThatThrownBy(first::share).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theSameTokenizerGivesTheSameTokens() {
    try (ModelTokenizer one = load("gpt2-odd");
        ModelTokenizer other = load("gpt2-odd")) {
      assertThat(one.tokenizesAs(other)).isTrue();
      assertThat(one.mergesAs(other)).isTrue();
      assertThat(one.differenceFrom(other)).isNull();
      assertThat(one.tokensBeyond(other)).isEmpty();
      assertThat(one.size()).isEqualTo(300);
    }
  }

  @Test
  void anotherTokenizerIsToldByItsTokens() {
    try (ModelTokenizer one = load("gpt2-odd");
        ModelTokenizer other = load("llama-old-style")) {
      assertThat(one.tokenizesAs(other)).isFalse();
      assertThat(one.mergesAs(other)).isFalse();
      assertThat(one.differenceFrom(other)).isNotNull();
      assertThat(one.tokensBeyond(other)).contains("<|endoftext|>");
    }
  }

  /** The first of them has a space in front; where the text has one, none is put there. */
  @Test
  void aTextThatGoesOnAnotherHasNoSpaceInFront() {
    for (String name : BOTH) {
      try (ModelTokenizer tokenizer = load(name)) {
        TokenIds alone = tokenizer.encode("a the movie", false);
        TokenIds before = tokenizer.encode("a", false);
        assertThat(alone.part(0, before.size())).as("no seam in %s", name).isEqualTo(before);
        assertThat(tokenizer.countTokens(" the movie")).isEqualTo(alone.size() - before.size());
      }
    }
  }
}
