// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BacktrackingTest {

  /** GPT-2, Llama 3, Qwen 2, GPT-4o, DeepSeek, BLOOM, Phi-3, StarCoder, and small ones. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        " ?[^(\\s|[.,!?…。，、।۔،])]+",
        "[一-龥぀-ゟ゠-ヿ]+",
        "\\p{N}{1,3}",
        " {2,}",
        "(?=(\\d{3})+(?!\\d))",
        "(?:abc)+",
        "(?<word>a+)(?<=b)",
        "a",
        "",
      })
  void whatIsPublishedIsTaken(String expression) {
    assertThat(Backtracking.mayBeEndless(expression)).isFalse();
  }

  /** Each of them makes 2^n, n^3 or more ways of n characters, or is not understood. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+b",
        "(a*)*b",
        "(?:a|a)*b",
        "(a|aa)+$",
        "((ab?)){2,}c",
        "(?i:(x+x+)+)y",
        "([a-z]+)*[0-9]",
        "a?{100}b",
        "a*a*a*b",
        "\\s*\\s*\\s*x",
        "a{0,1000}a{0,1000}a{0,1000}b",
        "a?a?a?a?a?a?a?a?a?b",
        "(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)c",
        "x|y|(?:(?:a{1,2}){1,2})",
        "(a)\\1",
        "\\g<0>",
        "(?<n>a)\\k<n>",
        "(?~abc)",
        "(?(1)a|b)",
        "a**b**c**d",
      })
  void whatMayBeEndlessIsNot(String expression) {
    assertThat(Backtracking.mayBeEndless(expression)).isTrue();
  }

  /**
   * At most two repetitions without bound in a row, and eight choices of any kind; a range of
   * counts wider than 16 is a repetition. What stands in other branches, or in a set, is not in a
   * row.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "a*b*c a*b*c*",
        "a?b?c?d?e?f?g?h? a?b?c?d?e?f?g?h?i?",
        "a*b*c?d?e?f?g?h? a*b*c?d?e?f?g?h?i?",
        "a{0,16}b{0,16}c{0,16} a{0,17}b{0,17}c{0,17}",
        "a{4,20}b{4,20}c{4,20} a{4,21}b{4,21}c{4,21}",
        "a{7}b{7}c{7}d{7}e{7}f{7}g{7}h{7}i{7} a{7,}b{7,}c{7,}",
        "(?:a{7}){3,} (?:a{7,8}){3,}",
        "(?:a{2,2})+ (?:a{2,3})+",
        "a*b*|c*d* (?:a*b*|c)d*",
        "(?:a*|b*c*)d (?:a*|b*c*)d*",
        "(a)b*c* (a*)b*c*",
        "[a*b*c*]d* [a]*b*c*",
        "[a[b]*c*d*] [a[b]]*c*d*",
        "[\\]a*b*c*] [\\]]a*b*c*",
        "\\(a*b*c a*\\(b*c*",
        "\\p{L}*b*c \\p{L}*b*c*",
        "a*?b*+c a*?b*+c*?",
        "a?b*c* a+b*c*",
        "(?i)a*b* (?i)a*b*c*",
        "(|a)(|b)(|c)(|d)(|e)(|f)(|g)(|h) (|a)(|b)(|c)(|d)(|e)(|f)(|g)(|h)(|i)",
        "(?=a*)b* (?=a*)b*c*",
      })
  void choicesInARowAreCounted(String few, String many) {
    assertThat(Backtracking.mayBeEndless(few)).isFalse();
    assertThat(Backtracking.mayBeEndless(many)).isTrue();
  }

  /** Whatever the expression, an answer comes: the library says itself what it cannot read. */
  @ParameterizedTest
  @ValueSource(strings = {"(", ")", "[", "[[", "[a\\", "\\", "a{", "a{,}", "(?", "x{99999999999}"})
  void whatIsBrokenIsLeftToTheLibrary(String expression) {
    Backtracking.mayBeEndless(expression);
  }
}
