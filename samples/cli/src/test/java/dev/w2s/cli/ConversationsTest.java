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

/** Conversations and templates on the command line. */
class ConversationsTest {
  @TempDir private Path directory;

  private static Call generate(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "generate",
                "--base=embedded:movie-reviews/base",
                "--tuned=" + Golden.TUNED,
                "--untuned=" + Golden.UNTUNED,
                "--seed=1",
                "--max-tokens=10",
                "--json"));
    args.addAll(Arrays.asList(more));
    return Call.of(args.toArray(new String[0]));
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  private Call score(String... more) throws IOException {
    String responses = file("responses.jsonl", "{\"text\": \" good\", \"ended\": false}\n");
    List<String> args =
        new ArrayList<>(
            List.of(
                "score",
                "--tuned=" + Golden.TUNED,
                "--untuned=" + Golden.UNTUNED,
                "--responses=" + responses));
    args.addAll(Arrays.asList(more));
    return Call.of(args.toArray(new String[0]));
  }

  private static String text(Call call) {
    assertThat(call.err()).isEmpty();
    JsonNode json = Golden.parse(call.out());
    return json.get("text").asText();
  }

  /** A system message and a prompt are the conversation of the two. */
  @Test
  void systemMakesAConversation() throws IOException {
    String messages =
        file(
            "messages.json",
            """
            [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "How was it?"}]
            """);
    String expected = text(generate("--messages=" + messages));
    assertThat(text(generate("--system=Be kind.", "--prompt=How was it?"))).isEqualTo(expected);
    assertThat(score("--messages=" + messages).out())
        .isEqualTo(score("--system=Be kind.", "--prompt=How was it?").out())
        .isNotEqualTo(score("--prompt=How was it?").out());
  }

  /**
   * What a chat template makes of a conversation, raw text can say as well: the tokenizer puts the
   * special token in front of it, which the template writes itself.
   */
  @Test
  void everyModelSeesTheConversationInItsOwnWay() throws IOException {
    String plain = "Be kind.\nUser: Well?\nCritic:\n";
    assertThat(score("--system=Be kind.", "--prompt=Well?").out())
        .isEqualTo(score("--prompt=" + plain).out());
    assertThat(
            score(
                    "--system=Be kind.",
                    "--prompt=Well?",
                    "--tuned-suffix= So",
                    "--untuned-suffix= So")
                .out())
        .isEqualTo(score("--prompt=" + plain + " So").out());
    String template =
        file(
            "chat.jinja",
            "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}");
    assertThat(
            score(
                    "--system=a",
                    "--prompt=b",
                    "--tuned-chat-template=" + template,
                    "--untuned-chat-template=" + template)
                .out())
        .isEqualTo(score("--prompt=<system>a<user>b").out());
    assertThat(
            score("--prompt=b", "--tuned-template=a{{prompt}}", "--untuned-template=a{{prompt}}")
                .out())
        .isEqualTo(score("--prompt=ab").out());
    assertThat(text(generate("--prompt=b", "--template=a{{prompt}}", "--method=base")))
        .isEqualTo(text(generate("--prompt=ab", "--method=base")));
  }

  @Test
  void aLastMessageOfTheAssistantIsContinued() throws IOException {
    String messages =
        file(
            "messages.json",
            """
            [{"role": "user", "content": "How was it?"}, {"role": "assistant", "content": "It was"}]
            """);
    assertThat(score("--messages=" + messages).out())
        .isEqualTo(score("--prompt=User: How was it?\nCritic:\nIt was").out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[                                  | not JSON",
        "{}                                 | must be a list of at least one message",
        "[]                                 | must be a list of at least one message",
        "[1]                                | message 1: must be an object with role and content",
        "[{\"content\": \"x\"}]             | message 1: role must be a text",
        "[{\"role\": \" \", \"content\": \"x\"}] | message 1: role must be a text that is not blank",
        "[{\"role\": \"user\"}]             | message 1: content must be a text",
        "[{\"role\": \"user\", \"content\": [1]}] | message 1: content must be a text",
      })
  void namesWhatIsNoConversation(String content, String problem) throws IOException {
    Call call = generate("--messages=" + file("bad.json", content));
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines())
        .singleElement()
        .asString()
        .startsWith("w2s: ")
        .contains("bad.json", problem);
  }

  @Test
  void namesATemplateThatDoesNotWork() throws IOException {
    String broken = file("broken.jinja", "{% if %}");
    assertThat(generate("--system=a", "--prompt=b", "--chat-template=" + broken).errLines())
        .singleElement()
        .asString()
        .contains("given chat template");
    String raising = file("raising.jinja", "{{ raise_exception('no system here') }}");
    assertThat(generate("--system=a", "--prompt=b", "--tuned-chat-template=" + raising).errLines())
        .singleElement()
        .asString()
        .contains("no system here");
    assertThat(generate("--system=a", "--prompt=b", "--chat-template=none.jinja").errLines())
        .singleElement()
        .asString()
        .contains("none.jinja: cannot be read");
  }

  @Test
  void optionsThatThePromptHasNoUseForAreErrorsOfUsage() throws IOException {
    String messages = file("messages.json", "[{\"role\": \"user\", \"content\": \"x\"}]");
    assertUsage(generate("--messages=" + messages, "--system=a"), "--system is 'a'");
    assertUsage(generate("--messages=" + messages, "--prompt=a"), "--prompt");
    assertUsage(generate("--messages=" + messages, "--template=a{{prompt}}"), "--template is");
    assertUsage(
        generate("--messages=" + messages, "--tuned-template=a{{prompt}}"), "--tuned-template is");
    assertUsage(generate("--prompt=a", "--suffix= x"), "--suffix is ' x'");
    assertUsage(generate("--prompt=a", "--untuned-suffix=x"), "--untuned-suffix is 'x'");
    assertUsage(generate("--prompt=a", "--chat-template=x"), "--chat-template is 'x'");
    assertUsage(generate("--prompt=a", "--template=x"), "its one variable must be {{prompt}}");
    assertUsage(score("--prompt=a", "--template={{prompt}}"), "--template");
  }

  private static void assertUsage(Call call, String problem) {
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.err()).contains(problem);
  }
}
