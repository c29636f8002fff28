// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.w2s.model.files.InvalidModelException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Ways to cut tokens in two, in the order in which transformers' generate_merges has them. */
class ScoredMergesTest {
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int BYTE = 6;

  private static List<String> merges(
      List<String> tokens, int lastKind, IntToDoubleFunction scores) {
    ByteBuffer kinds = ByteBuffer.allocate(tokens.size());
    while (kinds.hasRemaining()) {
      kinds.put((byte) (kinds.remaining() == 1 ? lastKind : NORMAL));
    }
    Map<String, Object> values =
        Map.of(
            GgufVocabulary.TOKENS,
            tokens,
            "tokenizer.ggml.token_type",
            new GgufArray(ValueType.INT8, kinds.flip()));
    Map<String, Integer> ids = new LinkedHashMap<>();
    tokens.forEach(token -> ids.put(token, ids.size()));
    ArrayNode merges = JsonNodeFactory.instance.arrayNode();
    GgufMetadata metadata = new GgufMetadata(Path.of("model.gguf"), values);
    new ScoredMerges(new GgufVocabulary(metadata), ids, scores).writeTo(merges);
    List<String> texts = new ArrayList<>();
    merges.forEach(merge -> texts.add(merge.asText()));
    return texts;
  }

  @Test
  void whatIsWorthMostComesFirst() {
    assertThat(merges(List.of("a", "b", "c", "ab", "bc"), NORMAL, id -> id))
        .containsExactly("b c", "a b");
    assertThat(merges(List.of("a", "b", "c", "ab", "bc"), NORMAL, id -> -id))
        .containsExactly("a b", "b c");
  }

  /** Then the longer beginning, then the longer end, then the token that comes first. */
  @Test
  void ofTheSameWorthTheLongerComesFirst() {
    assertThat(merges(List.of("a", "b", "c", "ab", "bc", "abc"), NORMAL, id -> 0))
        .containsExactly("ab c", "a bc", "a b", "b c");
  }

  @Test
  void aTokenIsCutBetweenTokensAndCharactersAlone() {
    assertThat(merges(List.of("a", "😀", "a😀", "xy", "ax"), NORMAL, id -> 0))
        .containsExactly("a 😀");
  }

  @Test
  void tokensThatStandForNoTextAreNotMadeOfOthers() {
    assertThat(merges(List.of("a", "b", "ab"), CONTROL, id -> 0)).isEmpty();
    assertThat(merges(List.of("a", "b", "ab"), BYTE, id -> 0)).isEmpty();
    assertThat(merges(List.of("a", "b", " ", "a b", " a"), NORMAL, id -> 0))
        .as("texts have no spaces left")
        .isEmpty();
  }

  @Test
  void aTokenHasAtMost256Characters() {
    assertThatCode(() -> merges(List.of("a", "😀".repeat(256)), NORMAL, id -> 0))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> merges(List.of("a", "😀".repeat(257)), NORMAL, id -> 0))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("token 1 has 257 characters; it must have at most 256");
  }
}
