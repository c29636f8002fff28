// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ModelFolder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers come with models; of those by which the library would end the process, none does. */
class HostileTokenizersTest {
  private static final int VOCABULARY = 305;

  @TempDir private Path directory;

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private ModelTokenizer load(String part, JsonNode value) {
    ModelDirectory model = ModelDirectory.copyOf(Golden.directory("llama-gqa"), directory);
    model.edit("tokenizer.json", json -> json.set(part, value));
    return ModelTokenizer.load(ModelFolder.of(model.path()), VOCABULARY);
  }

  private void assertRefused(String part, JsonNode value, String problem) {
    assertThatThrownBy(() -> load(part, value))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(directory.resolve("tokenizer.json").toString(), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "normalizer|{'type':'Prepend','prepend':''}|Prepend of nothing",
        "normalizer|{'type':'Replace','pattern':{'String':''},'content':'x'}|matches nothing",
        "normalizer|{'type':'Replace','pattern':{'Regex':'x*'},'content':'x'}|matches nothing",
        "normalizer|{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':''}]}|of nothing",
        "normalizer|{'type':'Replace','pattern':{'Regex':'(a+)+b'},'content':'x'}|(a+)+b",
        "pre_tokenizer|{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'(a+)+b'},"
            + "'behavior':'Isolated','invert':false}]}|may backtrack without end",
        "decoder|{'type':'Replace','pattern':{'Regex':'(a+)+b'},'content':'x'}|(a+)+b",
        "post_processor|{'type':'TemplateProcessing','single':[{'Sequence':{'id':'B','type_id':0}}],"
            + "'pair':[],'special_tokens':{}}|asks for text B",
        "post_processor|{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}}],"
            + "'pair':[],'special_tokens':{}}|names <s>, which special_tokens lacks",
        "model|{'type':'BPE','continuing_subword_prefix':'##','vocab':{'a':0,'b':1,'ab':2},"
            + "'merges':['a b']}|does not begin with continuing_subword_prefix '##'",
        "model|{'type':'BPE','continuing_subword_prefix':'é','vocab':{'a':0,'b':1,'ab':2},"
            + "'merges':[['a','b']]}|does not begin with continuing_subword_prefix 'é'",
      })
  void whatTheLibraryTakesForGrantedIsChecked(String part, String value, String problem) {
    assertRefused(part, json(value), problem);
  }

  @Test
  void partsAreNestedOnlySoDeep() {
    String decoder = "{'type':'Fuse'}";
    for (int i = 0; i < 60; i++) {
      decoder = "{'type':'Sequence','decoders':[" + decoder + "]}";
    }
    assertRefused("decoder", json(decoder), "nested deeper");
  }

  /** Nothing, no base 64, a length beyond the end, and a trie that leads out of itself. */
  @ParameterizedTest
  @ValueSource(strings = {"", "????", "AAA=", "BAAAAP////8=", "/////wAA", "BAAAAAAAAAA="})
  void aDamagedCharacterMapIsRefused(String base64) {
    assertRefused("normalizer", map(base64), "precompiled_charsmap is damaged");
  }

  /** The trie's root leads to a value, which points into the texts: within a character, behind. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1 << 20})
  void aCharacterMapPointsToTexts(int value) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * 512 + 3).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(4 * 512).putInt((1 << 8) | (1 << 10));
    bytes.putInt(value | Integer.MIN_VALUE).position(4 + 4 * 512);
    bytes.put(new byte[] {(byte) 0xC3, (byte) 0xA9, 0});
    String base64 = Base64.getEncoder().encodeToString(bytes.array());
    assertRefused("normalizer", map(base64), "precompiled_charsmap is damaged");
  }

  private static JsonNode map(String base64) {
    return json("{'type':'Precompiled','precompiled_charsmap':'" + base64 + "'}");
  }

  @Test
  void aWordThatHasNoTokenIsNamedAsTheFilesFault() {
    JsonNode words = json("{'type':'WordLevel','unk_token':'[UNK]','vocab':{'a':0}}");
    try (ModelTokenizer tokenizer = load("model", words)) {
      assertThatThrownBy(() -> tokenizer.encode("never heard", true))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContainingAll("tokenizer.json", "cannot split a text");
    }
  }

  /** Java's own engine would run out of stack. */
  @Test
  void anExpressionMayBeLong() {
    String set = "[" + "ab".repeat(20_000) + "]";
    JsonNode splitter =
        json(
            "{'type':'Split','pattern':{'Regex':'%s'},'behavior':'Isolated','invert':false}"
                .formatted(set));
    load("pre_tokenizer", splitter).close();
  }
}
