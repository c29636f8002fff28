// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrateCommandTest {
  private static final List<String> GOOD =
      List.of(
          " wonderful, I loved it.",
          " a great film with great actors.",
          " one of the best I have seen.",
          " funny and charming.",
          " beautiful.",
          " excellent, see it!",
          " a pleasure from beginning to end.",
          " superb.");
  private static final List<String> BAD =
      List.of(
          " terrible, I hated it.",
          " an awful film with bad actors.",
          " one of the worst I have seen.",
          " boring and stupid.",
          " a waste of time.",
          " horrible, avoid it!",
          " a torture from beginning to end.",
          " crap.");

  @TempDir private Path directory;

  private String file(List<String> lines) throws IOException {
    return Files.write(directory.resolve("preferences.jsonl"), lines).toString();
  }

  private static List<String> likesGood(String prompt) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < GOOD.size(); i++) {
      lines.add(
          "{%s, \"chosen\": \"%s\", \"rejected\": \"%s\", \"ended\": %b}"
              .formatted(prompt, GOOD.get(i), BAD.get(i), i % 2 == 0));
    }
    return lines;
  }

  private static Call calibrate(String tuned, String untuned, String... more) {
    List<String> args =
        new ArrayList<>(List.of("calibrate", "--tuned=" + tuned, "--untuned=" + untuned));
    args.addAll(Arrays.asList(more));
    return Call.of(args.toArray(new String[0]));
  }

  @Test
  void aPairAgreesAndTheSamePairSwappedDisagrees() throws IOException {
    String file = "--preferences=" + file(likesGood("\"prompt\": \"This movie was\""));
    JsonNode right = Golden.parse(calibrate(Golden.TUNED, Golden.UNTUNED, file, "--json").out());
    assertThat(right.get("pairs").asInt()).isEqualTo(8);
    assertThat(right.get("verdict").asText()).isEqualTo("agrees");
    assertThat(right.get("low").asDouble()).isGreaterThan(0.5);
    assertThat(right.get("margin").asDouble()).isPositive();
    JsonNode wrong = Golden.parse(calibrate(Golden.UNTUNED, Golden.TUNED, file, "--json").out());
    assertThat(wrong.get("verdict").asText()).isEqualTo("disagrees");
    assertThat(wrong.get("agree").asDouble()).isEqualTo(1 - right.get("agree").asDouble());
    assertThat(calibrate(Golden.UNTUNED, Golden.TUNED, file).out())
        .contains("pairs     8, of which 0 tied", "are its two sides swapped?");
  }

  @Test
  void conversationsAndPromptedPairsAreTakenToo() throws IOException {
    String messages = "\"messages\": [{\"role\": \"user\", \"content\": \"How was it?\"}]";
    Call call =
        Call.of(
            "calibrate",
            "--tuned=" + Golden.UNTUNED,
            "--tuned-system=I loved it. 10/10.",
            "--untuned-system=I hated it. 1/10.",
            "--preferences=" + file(likesGood(messages)));
    assertThat(call.err()).isEmpty();
    assertThat(call.out()).contains("pairs     8", "verdict   agrees");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"prompt\": \"a\", \"chosen\": \"b\"} | rejected",
        "{\"prompt\": \"a\", \"rejected\": \"b\"} | chosen",
        "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"b\"} | chosen and rejected are both 'b'",
        "{\"chosen\": \"b\", \"rejected\": \"c\"} | must have prompt or messages",
        "{\"prompt\": \"a\", \"messages\": [], \"chosen\": \"b\", \"rejected\": \"c\"} | one of the two alone",
        "{\"messages\": [], \"chosen\": \"b\", \"rejected\": \"c\"} | messages: must be a list of at least one",
        "{\"prompt\": \"\", \"chosen\": \"b\", \"rejected\": \"c\"} | prompt is empty",
        "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\", \"ended\": 1} | \"ended\" is 1",
      })
  void aBadLineIsNamed(String line, String problem) throws IOException {
    Call call = calibrate(Golden.TUNED, Golden.UNTUNED, "--preferences=" + file(List.of(line)));
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err()).contains("preferences.jsonl:1: ", problem);
  }

  @Test
  void aLineOfTheOtherKindIsNamed() throws IOException {
    List<String> lines = new ArrayList<>(likesGood("\"prompt\": \"This movie was\""));
    lines.addAll(likesGood("\"messages\": [{\"role\": \"user\", \"content\": \"How was it?\"}]"));
    Call call = calibrate(Golden.TUNED, Golden.UNTUNED, "--preferences=" + file(lines));
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err())
        .contains("preferences.jsonl:9: must have prompt or messages as the first line has");
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    Call call = calibrate(Golden.TUNED, Golden.UNTUNED, "--preferences=" + file(List.of()));
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err()).contains("preferences.jsonl: holds no preference");
  }
}
