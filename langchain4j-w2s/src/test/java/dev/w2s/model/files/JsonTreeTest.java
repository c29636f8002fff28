// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees are those of Jackson's mapper, and so are the texts that are written. */
class JsonTreeTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"a\": {\"b\": [1, [2, {}], []]}, \"c\": null}",
        "{\"b\": 1, \"a\": 2, \"b\": 3}",
        "[true, false, null, \"\", \"\\u0041\\n\\\"\", \"größer 😀\"]",
        "[0, -1, 2147483647, 2147483648, -2147483649, 9223372036854775807]",
        "[9223372036854775808, -99999999999999999999999999]",
        "[0.5, 1e3, -1.0, 1E-400, 1e400, 3.141592653589793238]",
        "[NaN, Infinity, -Infinity]",
        "7",
        " \"text\" ",
        "null",
        "",
        "  ",
      })
  void isAsTheMapperReadsAndWritesIt(String json) throws IOException {
    assertThat(JsonTree.PYTHON.read(json.getBytes(UTF_8)))
        .isEqualTo(MAPPER.readTree(json.getBytes(UTF_8)));
    assertThat(JsonTree.PYTHON.read(json)).isEqualTo(MAPPER.readTree(json));
    if (!json.isBlank()) {
      assertThat(JsonTree.PYTHON.write(JsonTree.PYTHON.read(json)))
          .isEqualTo(MAPPER.writeValueAsBytes(MAPPER.readTree(json)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[1, 2", "{\"a\": }", "{\"a\" 1}", "[1,]", "'a'", "{} {}", "1 2", "{}]", "x"})
  void whatIsNoJsonOrMoreThanOneValueIsRefused(String json) {
    assertThatThrownBy(() -> JsonTree.PYTHON.read(json))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> JsonTree.PYTHON.read(json.getBytes(UTF_8)))
        .isInstanceOf(JsonProcessingException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\": 1, \"a\": 1}", "[{\"b\": {\"a\": 1, \"a\": 2}}]", "NaN"})
  void theStrictReaderRefusesAKeyThatStandsTwiceAndWhatIsNoNumber(String json) {
    assertThatThrownBy(() -> JsonTree.STRICT.read(json))
        .isInstanceOf(JsonProcessingException.class);
  }

  /** A text of brackets alone must not end the stack. */
  @Test
  void aTextThatIsNestedTooDeepIsRefused() {
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> JsonTree.PYTHON.read(deep))
        .isInstanceOf(JsonProcessingException.class);
  }
}
