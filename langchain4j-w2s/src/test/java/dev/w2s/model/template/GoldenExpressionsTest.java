// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import dev.w2s.testkit.GoldenFiles;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Python's methods, expressions, loops and whitespace, one by one, as transformers renders them.
 */
class GoldenExpressionsTest {
  private static final JsonNode FILE = GoldenFiles.file("template-expressions.json");
  private static final Map<String, Object> VARIABLES =
      new ObjectMapper().convertValue(FILE.get("variables"), new TypeReference<>() {});
  private static final Prompt HELLO = new Prompt.Conversation(List.of(new Turn("user", "Hello")));

  static Stream<Arguments> cases() {
    return GoldenFiles.rows("template-expressions.json", "cases").stream()
        .map(row -> Arguments.of(row.get("template").asText(), row.get("text").asText()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void rendersAsTransformersDoes(String template, String text) {
    assertThat(new ChatTemplate(template, "the template", VARIABLES).render(HELLO))
        .isEqualTo(new Rendered(text, /* specialTokens= */ false));
  }
}
