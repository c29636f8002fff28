// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
  private static final String TINY = Golden.model("gpt2-odd");

  @TempDir private Path directory;

  private Call score(String prompt, String input) {
    return score(TINY, TINY, prompt, input.getBytes(StandardCharsets.UTF_8));
  }

  private Call score(String tuned, String untuned, String prompt, byte[] input) {
    try {
      return Call.of(
          "score",
          "--tuned=" + tuned,
          "--untuned=" + untuned,
          "--prompt=" + prompt,
          "--responses=" + Files.write(directory.resolve("in.jsonl"), input));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void answersEveryLineInOrderWithTheReferencesScores() {
    String prompt = "This movie was";
    var pairs =
        Golden.pairs().stream().filter(p -> p.get("prompt").asText().equals(prompt)).toList();
    StringBuilder input = new StringBuilder();
    pairs.forEach(
        p -> input.append(Golden.response(p.get("response").asText(), p.get("ended").asBoolean())));
    Call call =
        score(
            Golden.TUNED,
            Golden.UNTUNED,
            prompt,
            input.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(call.err()).isEmpty();
    assertThat(call.outLines()).hasSameSizeAs(pairs).hasSizeGreaterThan(3);
    for (int i = 0; i < pairs.size(); i++) {
      JsonNode line = Golden.parse(call.outLines().get(i));
      assertThat(line.fieldNames())
          .toIterable()
          .containsExactly("tuned", "untuned", "score", "tokens");
      for (String[] names :
          new String[][] {
            {"tuned", "tuned_logprob"}, {"untuned", "untuned_logprob"}, {"score", "score"}
          }) {
        assertThat(line.get(names[0]).asDouble())
            .isCloseTo(pairs.get(i).get(names[1]).asDouble(), within(1e-3));
      }
    }
  }

  @Test
  void aModelAgainstItselfScoresZeroOverManyBatches() {
    Call call = score("This movie was", Golden.response(" great", true).repeat(40));
    assertThat(call.code()).isZero();
    assertThat(call.outLines()).hasSize(40);
    assertThat(Golden.parse(call.outLines().get(39)).get("score").asDouble()).isZero();
  }

  @Test
  void noLinesGiveNoLines() {
    Call call = score("This movie was", "");
    assertThat(call.code()).isZero();
    assertThat(call.out()).isEmpty();
  }

  @Test
  void answersTheLinesBeforeABadOne() {
    Call call = score("This", Golden.response(" a", false) + "{\"text\": 3, \"ended\": true}\n");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.outLines()).hasSize(1);
    assertThat(call.errLines()).singleElement().asString().contains("in.jsonl:2", "\"text\" is 3");
  }

  @Test
  void namesTheLineThatIsTooLongForAModel() {
    Call call =
        score(
            "This",
            Golden.response(" a", false)
                + Golden.response(" word".repeat(60), false)
                + Golden.response(" b", false));
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.outLines()).hasSize(1);
    assertThat(call.errLines()).singleElement().asString().contains("in.jsonl:2", "48 positions");
  }

  @Test
  void rejectsWhatIsNoResponse() {
    assertRejected("nonsense", "not valid JSON");
    assertRejected("[]", "not a JSON object");
    assertRejected("{\"text\": \"a\"}", "\"ended\" is missing");
    assertRejected("{\"text\": \"a\", \"ended\": \"no\"}", "\"ended\" is \"no\"");
    assertRejected("{\"text\": \"a\", \"ended\": true} {}", "not valid JSON");
    assertRejected("\n{}", "blank");
  }

  private void assertRejected(String input, String problem) {
    Call call = score("This", input);
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.out()).isEmpty();
    assertThat(call.errLines()).singleElement().asString().contains("in.jsonl:1", problem);
  }

  @Test
  void rejectsWhatIsNotUtf8() {
    Call call = score(TINY, TINY, "This", new byte[] {(byte) 0xC3, 0x28});
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines()).singleElement().asString().contains("in.jsonl", "UTF-8");
  }

  @Test
  void anEmptyPromptIsAnError() {
    Call call = score("", Golden.response("a", false));
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines()).singleElement().asString().contains("prompt is empty");
  }
}
