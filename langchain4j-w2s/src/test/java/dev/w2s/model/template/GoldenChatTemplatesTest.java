// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import dev.w2s.testkit.GoldenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates render character by character as transformers renders them. */
class GoldenChatTemplatesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<Arguments> cases() {
    return GoldenFiles.rows("chat-templates.json", "cases").stream()
        .map(
            row ->
                Arguments.of(
                    row.get("template").asText()
                        + ", "
                        + row.get("conversation").asText()
                        + ", "
                        + row.get("variables"),
                    row));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void rendersAsTransformersDoes(String name, JsonNode row) throws IOException {
    Map<String, Object> variables = map(GoldenFiles.file("chat-templates.json").get("tokens"));
    variables.putAll(map(row.get("variables")));
    ChatTemplate template =
        new ChatTemplate(source(row.get("template").asText()), "the template", variables);
    Prompt conversation = conversation(row.get("conversation").asText());
    if (row.has("error")) {
      assertThatThrownBy(() -> template.render(conversation))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("the template", row.get("error").asText());
    } else {
      assertThat(template.render(conversation))
          .isEqualTo(new Rendered(row.get("text").asText(), /* specialTokens= */ false));
    }
  }

  private static String source(String name) throws IOException {
    return Files.readString(GoldenFiles.directory("chat-templates").resolve(name + ".jinja"));
  }

  private static Map<String, Object> map(JsonNode object) {
    return new LinkedHashMap<>(
        JSON.convertValue(object, new TypeReference<Map<String, Object>>() {}));
  }

  private static Prompt conversation(String name) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode message :
        GoldenFiles.file("chat-templates.json").get("conversations").get(name)) {
      Map<String, Object> fields = map(message);
      String role = (String) fields.remove("role");
      String content = (String) fields.remove("content");
      turns.add(new Turn(role, content, fields));
    }
    return new Prompt.Conversation(turns);
  }
}
