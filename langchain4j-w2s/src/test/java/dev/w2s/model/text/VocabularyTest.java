// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tokenizer's tokens are, and in what two vocabularies differ. */
class VocabularyTest {
  private static final Path FILE = Path.of("tokenizer.json");

  private static JsonFile tokenizer(String model) {
    String text = "{\"model\": {%s}}".formatted(model.replace('\'', '"'));
    return JsonFile.parse(FILE, text.getBytes(UTF_8));
  }

  private static Vocabulary of(Map<String, Integer> ids, String... added) {
    return new Vocabulary(ids, Set.of(added), "");
  }

  /** A unigram model lists tokens with their scores. */
  @ParameterizedTest
  @ValueSource(strings = {"'vocab': {'a': 0, 'b': 1}", "'vocab': [['a', -1.5], ['b', -2]]"})
  void idsAreGivenOrPlacesInAList(String model) {
    assertThat(Vocabulary.ofModel(tokenizer(model))).isEqualTo(Map.of("a", 0, "b", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'vocab': {}|is missing or empty",
        "'vocab': []|is missing or empty",
        "'vocab': 7|is missing or empty",
        "'type': 'BPE'|is missing or empty",
        "'vocab': {'a': 0, 'b': 'x'}|holds an id that is no number",
      })
  void aVocabularyHoldsTokensWithNumbers(String model, String problem) {
    JsonFile file = tokenizer(model);
    assertThatThrownBy(() -> Vocabulary.ofModel(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(FILE + ": model.vocab", problem);
  }

  @Test
  void mergesCountInTheirOrderWhateverTheirForm() {
    String old = Vocabulary.mergesOf(tokenizer("'merges': ['a b', 'ab c']"));
    assertThat(Vocabulary.mergesOf(tokenizer("'merges': [['a', 'b'], ['ab', 'c']]")))
        .isEqualTo(old);
    assertThat(Vocabulary.mergesOf(tokenizer("'merges': ['ab c', 'a b']"))).isNotEqualTo(old);
    assertThat(Vocabulary.mergesOf(tokenizer("'merges': ['a b']"))).isNotEqualTo(old);
    assertThat(Vocabulary.mergesOf(tokenizer("'merges': ['a b', 'abc']"))).isNotEqualTo(old);
    assertThat(Vocabulary.mergesOf(tokenizer("'merges': ['a bab c']")))
        .as("two merges are not one")
        .isNotEqualTo(old);
  }

  @Test
  void tokensThatAnotherLacksComeInTheOrderOfTheirIds() {
    Vocabulary more = of(Map.of("a", 0, "z", 1, "y", 3, "x", 2));
    Vocabulary less = of(Map.of("a", 0));
    assertThat(more.beyond(less)).containsExactly("z", "x", "y");
    assertThat(less.beyond(more)).isEmpty();
    assertThat(more.largestId()).isEqualTo(3);
    assertThat(of(Map.of()).largestId()).isEqualTo(-1);
  }

  @Test
  void aTokenOfTwoIdsIsADifference() {
    Vocabulary one = of(Map.of("a", 0, "b", 1, "c", 2, "<x>", 3), "<x>");
    Vocabulary other = of(Map.of("a", 0, "b", 2, "c", 1));
    assertThat(one.differenceFrom(other)).isEqualTo("'b' is 1 and 2");
    assertThat(other.differenceFrom(one)).isEqualTo("'c' is 1 and 2");
    assertThat(one.differenceFrom(one)).isNull();
  }

  /** It is found in the text before that is split, so texts without it have the same tokens. */
  @Test
  void anAddedTokenIsNoDifference() {
    Vocabulary plain = of(Map.of("a", 0));
    Vocabulary grown = of(Map.of("a", 0, "<x>", 1), "<x>");
    assertThat(plain.differenceFrom(grown)).isNull();
    assertThat(grown.differenceFrom(plain)).isNull();
  }

  @Test
  void anotherTokenOfOneAloneIsADifference() {
    Vocabulary plain = of(Map.of("a", 0));
    Vocabulary grown = of(Map.of("a", 0, "<x>", 1, "ab", 2), "<x>");
    String difference = "only one has 'ab', which is no added token";
    assertThat(plain.differenceFrom(grown)).isEqualTo(difference);
    assertThat(grown.differenceFrom(plain)).isEqualTo(difference);
  }
}
