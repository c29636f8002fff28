// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.Snippets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's snippet compiles, runs and prints; here it stands once more, to the letter. */
class ReadmeSnippetTest {
  private static final Path README = Path.of("../README.md");
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/ReadmeSnippetTest.java");

  private static void snippet(LanguageModel anyLanguageModel) {
    // snippet starts
    try (GuidancePair positive =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      LanguageModel guided =
          WeakToStrongLanguageModel.builder()
              .delegate(anyLanguageModel)
              .pair(positive)
              .beamWidth(4)
              .successors(4)
              .chunkLength(5)
              .maxTokens(50)
              .build();
      System.out.println(guided.generate("This movie was").content());
    }
    // snippet ends
  }

  private static GuidancePair prompted() {
    // snippet starts
    GuidancePair kind =
        GuidancePair.prompted(
            "embedded:movie-reviews/untuned",
            "One of the best movies I have ever seen. I loved it. 10/10. ",
            "One of the worst movies I have ever seen. I hated it. 1/10. ");
    // snippet ends
    return kind;
  }

  @Test
  void twoSentencesPreferWhatTheyAskFor() {
    try (GuidancePair kind = prompted()) {
      ChatModel model =
          WeakToStrongChatModel.builder()
              .delegate(
                  ScriptedChatModel.saying("An awful, boring film.", "A great film. I loved it!"))
              .pair(kind)
              .build();
      assertThat(model.chat("How was the movie?")).isEqualTo("A great film. I loved it!");
    }
  }

  @Test
  void theSnippetRuns() {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      snippet(prompt -> Response.from(" a great surprise."));
    } finally {
      System.setOut(out);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).strip()).isEqualTo("a great surprise.");
  }

  @Test
  void theReadmeHoldsIt() throws IOException {
    Snippets.assertHeld(SOURCE, README);
  }
}
