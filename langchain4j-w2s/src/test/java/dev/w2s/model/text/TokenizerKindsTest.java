// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.Golden;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizers of the kinds that models have, compared with transformers. */
class TokenizerKindsTest {
  private static final String PROMPT = "The movie was";

  @TempDir private Path directory;

  /** A golden kind. */
  record Kind(String name, JsonNode tokenizer, List<JsonNode> texts) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    return Golden.rows("tokenizer-kinds.json", "kinds").stream()
        .map(
            row ->
                new Kind(
                    row.get("name").asText(),
                    row.get("tokenizer"),
                    List.copyOf(row.findValues("texts").get(0).findParents("text"))));
  }

  private ModelTokenizer load(JsonNode tokenizer) throws IOException {
    Files.write(
        directory.resolve("tokenizer.json"), new ObjectMapper().writeValueAsBytes(tokenizer));
    return ModelTokenizer.load(ModelFolder.of(directory), 1 << 20);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tokensAndTextsAreThoseOfTransformers(Kind kind) throws IOException {
    try (ModelTokenizer tokenizer = load(kind.tokenizer())) {
      assertThat(kind.texts()).isNotEmpty();
      for (JsonNode row : kind.texts()) {
        String text = row.get("text").asText();
        TokenIds tokens = Golden.tokens(row.get("tokens"));
        assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(tokens);
        assertThat(tokenizer.decode(tokens)).as(text).isEqualTo(row.get("decoded").asText());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aTextThatGrowsIsTokenizedAsOne(Kind kind) throws IOException {
    try (ModelTokenizer tokenizer = load(kind.tokenizer())) {
      ResponseEncoder encoder = new ResponseEncoder(tokenizer, Rendered.raw(PROMPT));
      StringBuilder response = new StringBuilder();
      for (JsonNode row : kind.texts()) {
        for (String part : row.get("text").asText().split("(?=[ \n])", -1)) {
          response.append(part);
          TokenIds whole = tokenizer.encode(PROMPT + response, true);
          assertThat(encoder.encode(List.of(response.toString())).get(0))
              .as(response.toString())
              .isEqualTo(whole);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tokensThatComeOneByOneGiveTheSameText(Kind kind) throws IOException {
    try (ModelTokenizer tokenizer = load(kind.tokenizer())) {
      TokenIds prompt = tokenizer.encode(PROMPT, true);
      String promptText = tokenizer.decode(prompt);
      for (JsonNode row : kind.texts()) {
        TokenIds all = tokenizer.encode(PROMPT + " " + row.get("text").asText(), true);
        TokenIds response = all.part(all.commonPrefix(prompt), all.size());
        ResponseDecoder.Growing growing =
            new ResponseDecoder(tokenizer, prompt).grow(DecodedResponse.EMPTY);
        response.stream()
            .forEach(
                token -> {
                  growing.append(token);
                  growing.text(0);
                });
        assertThat(promptText + growing.decoded().wholeText())
            .as(row.get("text").asText())
            .isEqualTo(tokenizer.decode(all));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tokenizer.model, tokenizer.model beside it",
    "spiece.model, spiece.model beside it",
    "vocab.json, vocab.json beside it",
    "qwen.tiktoken, *.tiktoken beside it"
  })
  void aTokenizerOfAnotherLibraryIsNamed(String file, String named) throws IOException {
    Files.writeString(directory.resolve(file), "{}");
    assertThatThrownBy(() -> ModelTokenizer.load(ModelFolder.of(directory), 300))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(directory.resolve("tokenizer.json") + ": no such file; " + named)
        .hasMessageContaining("save_pretrained(d)");
  }

  @ParameterizedTest
  @CsvSource({
    "normalizer, Fancy",
    "pre_tokenizer, Fancy",
    "decoder, Fancy",
    "post_processor, Fancy"
  })
  void aPartOfANewerLibraryIsNamed(String part, String type) throws IOException {
    ObjectNode tokenizer = kinds().findFirst().orElseThrow().tokenizer().deepCopy();
    tokenizer.putObject(part).put("type", type);
    assertThatThrownBy(() -> load(tokenizer))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(
            "tokenizer.json: not a tokenizer: its %s is of type %s, which".formatted(part, type));
  }

  @Test
  void aModelOfANewerLibraryIsNamed() throws IOException {
    ObjectNode tokenizer = kinds().findFirst().orElseThrow().tokenizer().deepCopy();
    ((ObjectNode) tokenizer.get("model")).put("type", "Fancy");
    assertThatThrownBy(() -> load(tokenizer))
        .hasMessageContaining("its model is of type Fancy, which");
  }
}
