// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.gguf.GgufVocabulary.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tokens of a file, by the numbers that the format has for their kinds. */
class GgufVocabularyTest {
  private static final String PREFIX = "tokenizer.ggml.";

  private final Map<String, Object> values = new HashMap<>();

  private GgufVocabulary vocabulary(List<String> tokens) {
    values.put(GgufVocabulary.TOKENS, tokens);
    return new GgufVocabulary(new GgufMetadata(Path.of("model.gguf"), values));
  }

  private void types(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length);
    for (int number : numbers) {
      bytes.put((byte) number);
    }
    values.put(PREFIX + "token_type", new GgufArray(ValueType.INT8, bytes.flip()));
  }

  private void scores(float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    values.put(PREFIX + "scores", new GgufArray(ValueType.FLOAT32, bytes.flip()));
  }

  @Test
  void tokensHaveNumbers() {
    GgufVocabulary vocabulary = vocabulary(List.of("a", "b"));
    assertThat(vocabulary.size()).isEqualTo(2);
    assertThat(vocabulary.token(1)).isEqualTo("b");
    assertThat(vocabulary.id("b")).isEqualTo(1);
    assertThat(vocabulary.id("c")).isNull();
    assertThat(vocabulary.file()).isEqualTo(Path.of("model.gguf"));
    assertThat(vocabulary.kind(1)).as("of a file that says none").isEqualTo(Kind.NORMAL);
  }

  /** 0 is undefined in the format, which is as good as normal. */
  @Test
  void kindsHaveNumbers() {
    types(0, 1, 2, 3, 4, 5, 6);
    GgufVocabulary vocabulary = vocabulary(List.of("a", "b", "c", "d", "e", "f", "g"));
    assertThat(List.of(0, 1, 2, 3, 4, 5, 6))
        .extracting(vocabulary::kind)
        .containsExactly(
            Kind.NORMAL,
            Kind.NORMAL,
            Kind.UNKNOWN,
            Kind.CONTROL,
            Kind.USER_DEFINED,
            Kind.UNUSED,
            Kind.BYTE);
  }

  @ParameterizedTest
  @CsvSource({"7", "-1"})
  void otherKindsAreRefused(int number) {
    types(1, number);
    assertThatThrownBy(() -> vocabulary(List.of("a", "b")))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("token 1 is of type %d; it must be from 1 to 6", number);
  }

  /** What fills it up to the rows of the embedding; such tokens within it are tokens. */
  @Test
  void paddingIsNoPartOfIt() {
    types(1, 5, 1, 5, 5, 5);
    GgufVocabulary vocabulary =
        vocabulary(List.of("a", "[PAD1]", "b", "unused", "[PAD4]", "[PAD5]"));
    assertThat(vocabulary.size()).isEqualTo(4);
    assertThat(vocabulary.id("[PAD1]")).isEqualTo(1);
    assertThat(vocabulary.id("[PAD4]")).isNull();
    types(5, 5);
    assertThat(vocabulary(List.of("[PAD0]", "[PAD1]")).size()).isZero();
  }

  @Test
  void aTokenOfThatNameIsOne() {
    types(1, 4);
    assertThat(vocabulary(List.of("a", "[PAD]")).size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"0, a", "1, b", "2, ", "-1, ", "4294967296, "})
  void theTokenOfANumberIsNamed(long id, String expected) {
    values.put(PREFIX + "bos_token_id", id);
    assertThat(vocabulary(List.of("a", "b")).named("bos_token_id")).isEqualTo(expected);
    assertThat(vocabulary(List.of("a", "b")).named("eos_token_id")).isNull();
  }

  @Test
  void tokensAreWorthTheirScores() {
    scores(-1, -2.5f);
    assertThat(vocabulary(List.of("a", "b")).score(1)).isEqualTo(-2.5);
  }

  @Test
  void scoresAreNumbersOfAllTokens() {
    GgufVocabulary none = vocabulary(List.of("a", "b"));
    assertThatThrownBy(() -> none.score(0)).hasMessageContaining("scores is missing");
    scores(-1);
    GgufVocabulary few = vocabulary(List.of("a", "b"));
    assertThatThrownBy(() -> few.score(0))
        .hasMessageContaining("must have one element for each of 2 tokens");
    values.put(PREFIX + "scores", new GgufArray(ValueType.INT8, ByteBuffer.allocate(2)));
    GgufVocabulary whole = vocabulary(List.of("a", "b"));
    assertThatThrownBy(() -> whole.score(0))
        .hasMessageContaining("scores is an array of 2 INT8; it must be numbers");
  }

  @Test
  void itHasATokenAtLeast() {
    assertThatThrownBy(() -> vocabulary(List.of()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("must hold the model's tokens");
  }
}
