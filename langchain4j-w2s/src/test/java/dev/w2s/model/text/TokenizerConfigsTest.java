// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.Golden;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files beside a {@code tokenizer.json} count as they do in transformers. */
class TokenizerConfigsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MODEL_VOCABULARY = 400;

  @TempDir private Path directory;

  private ObjectNode tokenizer;

  @BeforeEach
  void takeAByteLevelTokenizer() throws IOException {
    tokenizer = base("gpt2-odd");
  }

  private static ObjectNode base(String name) throws IOException {
    if (name.equals("word-piece")) {
      try (InputStream in = Golden.class.getResourceAsStream("/golden/tokenizer-configs.json")) {
        return (ObjectNode) JSON.readTree(in).required("word_piece");
      }
    }
    return read(Golden.directory(name).resolve("tokenizer.json"));
  }

  private static ObjectNode read(Path file) throws IOException {
    return (ObjectNode) JSON.readTree(file.toFile());
  }

  private void write(String file, JsonNode json) throws IOException {
    Files.write(directory.resolve(file), JSON.writeValueAsBytes(json));
  }

  private void config(String json) throws IOException {
    write("tokenizer_config.json", JSON.readTree(json.replace('\'', '"')));
  }

  private static void set(ObjectNode json, JsonPointer place, JsonNode value) {
    ((ObjectNode) json.requiredAt(place.head())).set(place.last().getMatchingProperty(), value);
  }

  private ModelTokenizer load() throws IOException {
    write("tokenizer.json", tokenizer);
    return ModelTokenizer.load(ModelFolder.of(directory), MODEL_VOCABULARY);
  }

  private List<String> warnings(int modelVocabulary) throws IOException {
    write("tokenizer.json", tokenizer);
    ModelFolder folder = ModelFolder.of(directory);
    return TokenizerJson.read(folder, TokenizerConfig.read(folder), modelVocabulary).warnings();
  }

  static Stream<Named<JsonNode>> cases() {
    return Golden.rows("tokenizer-configs.json", "cases").stream()
        .map(row -> Named.of(row.get("name").asText(), row));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tokensAndTextsEqualTransformers(JsonNode row) throws IOException {
    String name = row.get("base").asText();
    tokenizer = base(name);
    String model = name.equals("word-piece") ? "llama-classifier" : name;
    write("config.json", read(Golden.directory(model).resolve("config.json")));
    for (Map.Entry<String, JsonNode> change : row.get("change").properties()) {
      set(tokenizer, JsonPointer.compile(change.getKey()), change.getValue());
    }
    for (Map.Entry<String, JsonNode> file : row.get("files").properties()) {
      write(file.getKey(), file.getValue());
    }
    try (ModelTokenizer loaded = load()) {
      assertThat(row.get("texts"))
          .isNotEmpty()
          .allSatisfy(
              text -> {
                TokenIds tokens = Golden.tokens(text.get("tokens"));
                assertThat(loaded.encode(text.get("text").asText(), true)).isEqualTo(tokens);
                assertThat(loaded.decode(tokens)).isEqualTo(text.get("decoded").asText());
                assertThat(loaded.vocabulary().ids().values())
                    .containsAll(Golden.integers(text.get("tokens")));
              });
      JsonNode eos = row.get("eos");
      assertThat(loaded.eosToken()).isEqualTo(eos.isNull() ? null : eos.intValue());
    }
  }

  /** What is said and not done is told, with the file and the key; what is done is not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'tokenizer_class': 'GPT2TokenizerFast', 'add_prefix_space': true, 'add_bos_token': false}|",
        "{'tokenizer_class': 'PreTrainedTokenizerFast', 'add_prefix_space': false}|",
        "{'add_prefix_space': true}|add_prefix_space is true, but tokenizer.json does otherwise",
        "{'do_lower_case': true}|do_lower_case is true, but",
        "{'strip_accents': true}|strip_accents is true, but",
        "{'tokenize_chinese_chars': true}|tokenize_chinese_chars is true, but",
        "{'add_bos_token': true}|add_bos_token is true, but",
        "{'add_eos_token': true}|add_eos_token is true, but",
        "{'split_special_tokens': true}|split_special_tokens is true, but",
        "{'auto_map': {'AutoTokenizer': ['a.B', null]}}|auto_map names program code, which is not run",
        "{'tokenizer_class': 'XLNetTokenizer'}|tokenizer_class is XLNetTokenizer, which is not known",
        "{'clean_up_tokenization_spaces': true}|",
      })
  void whatIsNotHonouredIsWarnedOf(String config, String warning) throws IOException {
    config(config);
    if (warning == null) {
      assertThat(warnings(MODEL_VOCABULARY)).isEmpty();
    } else {
      assertThat(warnings(MODEL_VOCABULARY))
          .singleElement()
          .asString()
          .startsWith(directory.resolve("tokenizer_config.json") + ": " + warning)
          .endsWith("; tokenizer.json counts");
    }
  }

  /** Where tokenizer.json has it by a step of its own, it is done. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "post_processor|{'single': [{'SpecialToken': {}}, {'Sequence': {}}]}|add_bos_token|true",
        "post_processor|{'single': [{'SpecialToken': {}}, {'Sequence': {}}]}|add_eos_token|false",
        "post_processor|{'single': [{'Sequence': {}}, {'SpecialToken': {}}]}|add_bos_token|false",
        "post_processor|{'single': [{'Sequence': {}}, {'SpecialToken': {}}]}|add_eos_token|true",
        "normalizer|{'normalizers': [{'type': 'Lowercase'}]}|do_lower_case|true",
        "normalizer|{'lowercase': true}|do_lower_case|true",
        "normalizer|{'type': 'StripAccents'}|strip_accents|true",
        "normalizer|{'strip_accents': true, 'lowercase': false}|strip_accents|true",
        "normalizer|{'strip_accents': false, 'lowercase': true}|strip_accents|false",
        "normalizer|{'strip_accents': null, 'lowercase': true}|strip_accents|true",
        "normalizer|{'strip_accents': null, 'lowercase': false}|strip_accents|false",
        "normalizer|{'type': 'Prepend'}|add_prefix_space|true",
        "pre_tokenizer|{'prepend_scheme': 'first'}|add_prefix_space|true",
        "pre_tokenizer|{'prepend_scheme': 'never'}|add_prefix_space|false",
      })
  void whatAStepDoesIsNotWarnedOf(String part, String json, String option, boolean done)
      throws IOException {
    tokenizer.set(part, JSON.readTree(json.replace('\'', '"')));
    config("{'%s': %s}".formatted(option, done));
    assertThat(warnings(MODEL_VOCABULARY)).isEmpty();
    config("{'%s': %s}".formatted(option, !done));
    assertThat(warnings(MODEL_VOCABULARY))
        .singleElement()
        .asString()
        .contains(option + " is " + !done + ", but tokenizer.json does otherwise");
  }

  @Test
  void spacesAreNotCleanedUp() throws IOException {
    tokenizer = base("word-piece");
    config("{'clean_up_tokenization_spaces': true}");
    assertThat(warnings(MODEL_VOCABULARY))
        .singleElement()
        .asString()
        .contains("clean_up_tokenization_spaces is true, but texts keep the spaces");
  }

  /** transformers adds it, and fails where the text has it. */
  @Test
  void anAddedTokenBeyondTheModelIsLeftOut() throws IOException {
    config("{'pad_token': '[PAD]'}");
    assertThat(warnings(300))
        .singleElement()
        .asString()
        .contains("token '[PAD]'", "is left out; it would be 300 of the model's 300");
    try (ModelTokenizer loaded = ModelTokenizer.load(ModelFolder.of(directory), 300)) {
      assertThat(loaded.vocabulary().largestId()).isEqualTo(299);
      assertThat(loaded.encode("[PAD]", true).size()).isGreaterThan(1);
    }
  }

  /** The library numbers added tokens behind the vocabulary, whatever the file says. */
  @Test
  void aWrongNumberInTheFileIsWarnedOf() throws IOException {
    tokenizer
        .withArray("added_tokens")
        .addObject()
        .put("id", 350)
        .put("content", "<x>")
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    assertThat(warnings(MODEL_VOCABULARY))
        .singleElement()
        .asString()
        .contains("token '<x>' is numbered 350; it counts as 300");
    try (ModelTokenizer loaded = load()) {
      assertThat(loaded.encode("<x>", true)).isEqualTo(TokenIds.of(300));
      assertThat(loaded.vocabulary().ids()).containsEntry("<x>", 300);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "tokenizer_config.json|{'added_tokens_decoder': {'x': {'content': 'a'}}}|must be a token under",
        "tokenizer_config.json|{'added_tokens_decoder': {'300': {}}}|added_tokens_decoder.300.content is",
        "tokenizer_config.json|{'added_tokens_decoder': {'300': 'a'}}|added_tokens_decoder.300 is",
        "tokenizer_config.json|{'added_tokens_decoder': {'300': {'content': 'a', 'lstrip': 1}}}"
            + "|added_tokens_decoder.300.lstrip is 1; it must be true or false",
        "tokenizer_config.json|{'pad_token': 7}|pad_token is 7; it must be a string or an object",
        "tokenizer_config.json|{'additional_special_tokens': [7]}|additional_special_tokens is [7]",
        "special_tokens_map.json|{'eos_token': 7}|eos_token is 7; it must be a string or an object",
        "added_tokens.json|{'<x>': 'a'}|<x> is \"a\"; it must be a whole number",
      })
  void aBrokenFileIsRefused(String file, String json, String message) throws IOException {
    write(file, JSON.readTree(json.replace('\'', '"')));
    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(directory.resolve(file).toString())
        .hasMessageContaining(message);
  }

  /** A file counts before the config, and any file among those of other names hides it too. */
  @ParameterizedTest
  @CsvSource({
    "'', config",
    "chat_template.jinja, file",
    "'chat_template.jinja,additional_chat_templates/tool_use.jinja', file",
    "'chat_template.jinja,additional_chat_templates/default.jinja', named",
    "additional_chat_templates/default.jinja, named",
    "additional_chat_templates/tool_use.jinja,",
    "additional_chat_templates/notes.txt, config",
  })
  void theTemplateOfAFileCounts(String files, String expected) throws IOException {
    config("{'chat_template': 'config'}");
    Files.createDirectories(directory.resolve("additional_chat_templates"));
    for (String file : files.isEmpty() ? List.<String>of() : List.of(files.split(","))) {
      String text = file.startsWith("chat") ? "file" : file.contains("default") ? "named" : "x";
      Files.writeString(directory.resolve(file), text);
    }
    try (ModelTokenizer loaded = load()) {
      assertThat(loaded.chatTemplate()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"default, b", "rag,"})
  void ofNamedTemplatesTheDefaultCounts(String name, String expected) throws IOException {
    config(
        "{'chat_template': [{'name': 'tool_use', 'template': 'a'}, {'name': '%s', 'template': 'b'}]}"
            .formatted(name));
    try (ModelTokenizer loaded = load()) {
      assertThat(loaded.chatTemplate()).isEqualTo(expected);
    }
  }

  @Test
  void aTemplateThatIsNoTextIsRefused() throws IOException {
    Path file =
        Files.write(directory.resolve("chat_template.jinja"), new byte[] {'a', (byte) 0xE9});
    assertThatThrownBy(this::load)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(file + ": is not UTF-8");
  }

  /** Raw text does not go through the template, so nobody has to read it. */
  @Test
  void aTemplateThatIsNoJinjaStandsInTheWayOfConversationsAlone() throws IOException {
    Files.writeString(directory.resolve("chat_template.jinja"), "{% if %}");
    String problem = "the chat template of " + directory + " is no chat template";
    PromptOptions options = PromptOptions.defaults();
    Prompt hello = new Prompt.Conversation(List.of(new Turn("user", "Hello")));
    try (ModelTokenizer loaded = load()) {
      PromptFormat format = loaded.promptFormat(options);
      assertThat(format.render(Prompt.of("Hello")).text()).isEqualTo("Hello");
      assertThatThrownBy(() -> format.render(hello))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(problem);
      assertThatThrownBy(() -> loaded.conversationFormat(options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(problem);
      assertThatThrownBy(() -> loaded.promptFormat(options.withChatTemplate("{% if %}")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the given chat template is no chat template");
    }
  }

  /** As a reward model reads a conversation: closed, or with its last turn left open. */
  @Test
  void answersAreShownInTheModelsOwnTemplate() throws IOException {
    Prompt.Conversation answered =
        new Prompt.Conversation(List.of(new Turn("user", "Hi"), new Turn("assistant", "Good")));
    try (ModelTokenizer plain = load()) {
      assertThatThrownBy(() -> plain.renderAnswered(answered, true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(directory + " has no chat template");
    }
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}");
    config("{'bos_token': '<s>'}");
    try (ModelTokenizer loaded = load()) {
      assertThat(loaded.renderAnswered(answered, true))
          .isEqualTo(new Rendered("<s><user>Hi</><assistant>Good</>", false));
      assertThat(loaded.renderAnswered(answered, false))
          .isEqualTo(new Rendered("<s><user>Hi</><assistant>Good", false));
      PromptOptions options = PromptOptions.defaults().withSuffix("!");
      assertThat(loaded.promptFormat(options).render(answered).text())
          .isEqualTo("<s><user>Hi</><assistant>Good!");
      assertThat(loaded.promptFormat(options).render(Prompt.of("Hi")))
          .as("raw text has no suffix")
          .isEqualTo(Rendered.raw("Hi"));
      assertThat(loaded.conversationFormat(options).render(answered).text())
          .isEqualTo("<s><user>Hi</><assistant>Good!");
    }
  }

  @Test
  void dropoutIsWarnedOf() throws IOException {
    set(tokenizer, JsonPointer.compile("/model/dropout"), DoubleNode.valueOf(0.5));
    assertThat(warnings(MODEL_VOCABULARY))
        .singleElement()
        .asString()
        .startsWith(
            directory.resolve("tokenizer.json") + ": model.dropout is 0.5; it is switched off");
  }

  /**
   * What is named by its text alone: of added tokens only those that are not special are
   * normalized.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSpecialTokenIsNotNormalized(boolean special) {
    AddedToken token = AddedToken.of("<x>", special);
    assertThat(token.special()).isEqualTo(special);
    assertThat(token.normalized()).isEqualTo(!special);
  }

  /** Of the two models of a pair one often has a chat template and the other none. */
  @Test
  void anotherChatTemplateOrEndChangesNoTokens() throws IOException {
    try (ModelTokenizer plain = load()) {
      config("{'chat_template': 'x', 'eos_token': '<|endoftext|>'}");
      try (ModelTokenizer chatty = load()) {
        assertThat(chatty.tokenizesAs(plain)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'tokenizer_class': 'GPT2Tokenizer', 'add_prefix_space': true}",
        "{'added_tokens_decoder': {'300': {'content': 'a'}}}",
      })
  void whatChangesTheTokenizerMayChangeTokens(String config) throws IOException {
    try (ModelTokenizer plain = load()) {
      config(config);
      try (ModelTokenizer changed = load()) {
        assertThat(changed.tokenizesAs(plain)).isFalse();
      }
    }
  }
}
