// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for granted of a tokenizer; HostileTokenizersTest has more that is refused. */
class TokenizerRulesTest {

  private static void check(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
    TokenizerRules.check(JsonFile.parse(Path.of("tokenizer.json"), bytes));
  }

  private static void assertRefused(String json, String problem) {
    assertThatThrownBy(() -> check(json))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("tokenizer.json: ")
        .hasMessageContaining(problem);
  }

  /** Lists within each other, in a part of the file. */
  private static String nested(int levels) {
    return "{'decoder': " + "[".repeat(levels) + "]".repeat(levels) + "}";
  }

  @Test
  void aPartIsNestedFortyEightLevelsDeepAtMost() {
    assertThatCode(() -> check(nested(48))).doesNotThrowAnyException();
    assertRefused(nested(49), "is nested deeper than 48 levels");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'normalizer': null, 'model': null, 'post_processor': null}",
        "{'normalizer': {'type': 'Prepend', 'prepend': '▁'}}",
        "{'normalizer': {'type': 'Replace', 'pattern': {'String': ' '}, 'content': ''}}",
        "{'normalizer': {'type': 'Replace', 'pattern': {'Regex': 'x+'}, 'content': ''}}",
        // Only the library's engine knows the expression.
        "{'normalizer': {'type': 'Replace', 'pattern': {'Regex': '\\\\p{^L}+'}, 'content': ''}}",
        "{'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'NFC'}]}}",
        "{'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': 'a*b*'}}}",
        "{'model': {'merges': ['a b', ['a', 'b']]}}",
        "{'model': {'continuing_subword_prefix': '', 'merges': ['a b']}}",
        "{'model': {'continuing_subword_prefix': null, 'merges': ['a b']}}",
        "{'model': {'continuing_subword_prefix': '##', 'merges': ['a ##b', ['a', '##b']]}}",
        "{'post_processor': {'single': [{'SpecialToken': {'id': '<s>'}}, {'Sequence': {'id': 'A'}}],"
            + " 'special_tokens': {'<s>': {}}}}",
        "{'post_processor': {'single': [{'Sequence': {}}]}}",
      })
  void whatPublishedTokenizersDoIsTaken(String json) {
    assertThatCode(() -> check(json)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'normalizer': {'type': 'Prepend'}}|Prepend of nothing",
        "{'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, {'type': 'Replace',"
            + " 'pattern': {'String': ''}}]}}|matches nothing at all",
        "{'normalizer': {'type': 'Precompiled', 'precompiled_charsmap': 'AAA='}}|is damaged",
        "{'pre_tokenizer': {'pattern': {'Regex': '(a+)+'}}}|too many repetitions in a row: (a+)+",
        "{'decoder': {'pattern': {'Regex': '(a+)+'}}}|may backtrack without end",
        "{'model': {'continuing_subword_prefix': '##', 'merges': ['##a ##b', '##a b']}}"
            + "|merges \"##a b\", whose second token",
        "{'model': {'continuing_subword_prefix': '##', 'merges': [['##a', 'b']]}}|merges [\"##a\",\"b\"]",
        "{'post_processor': {'processors': [{'single': [{'SpecialToken': {'id': '<s>'}}],"
            + " 'special_tokens': {'</s>': {}}}]}}|single names <s>, which special_tokens lacks",
        "{'post_processor': {'single': [{'Sequence': {'id': 'A'}}, {'Sequence': {'id': 'B'}}]}}"
            + "|single asks for text B",
      })
  void whatWouldEndTheProcessIsRefused(String json, String problem) {
    assertRefused(json, problem);
  }
}
