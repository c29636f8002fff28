// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is tokenized piece by piece equals what is tokenized whole. */
class ResponseEncoderTest {
  private static final List<String> PIECES =
      List.of(
          " the",
          " movie",
          " was",
          " a",
          " great",
          "the",
          "mov",
          "ie",
          "e",
          "s",
          "ing",
          "x",
          "aaa",
          " ",
          "  ",
          "    ",
          "\n",
          "\r\n",
          "\n\n  ",
          "\t",
          "\u00a0",
          " \u2028",
          "\u3000",
          ".",
          ", ",
          "!",
          "?!",
          " - ",
          "...",
          " (",
          "\"",
          "'s",
          "'re",
          " don't",
          "'",
          "1",
          "23",
          " 4567",
          "1,000",
          "日本",
          "の映画",
          " 日",
          "é",
          "e\u0301",
          "\u0301",
          " \u0301",
          "ﬁ",
          "İ",
          "😀",
          "👍🏽",
          "👨\u200d👩\u200d👧",
          "\uD83D",
          "\uDE00",
          "<|endoftext|>",
          "<s>",
          "</s>",
          "<mask>",
          " <mask> ",
          "<|end|>",
          "<|end|> ",
          "<both>",
          " <both>  ",
          "▁",
          "Ġ",
          "e▁the",
          "\0",
          "a b c ");

  @TempDir private Path directory;

  static Stream<TokenizerVariant> all() {
    return TokenizerVariants.all();
  }

  static Stream<TokenizerVariant> stable() {
    return TokenizerVariants.stable();
  }

  private static String piece(SplittableRandom random) {
    return PIECES.get(random.nextInt(PIECES.size()));
  }

  private static String pieces(SplittableRandom random, int most) {
    StringBuilder text = new StringBuilder();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      text.append(piece(random));
    }
    return text.toString();
  }

  /** A search: some responses are forked, some dropped, some come back, some are cut and go on. */
  private static List<String> next(SplittableRandom random, List<String> responses) {
    List<String> next = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String from = responses.get(random.nextInt(responses.size()));
      int cut = random.nextInt(4) == 0 ? random.nextInt(from.length() + 1) : from.length();
      next.add(from.substring(0, cut) + (random.nextInt(8) == 0 ? "" : pieces(random, 3)));
    }
    return next;
  }

  @ParameterizedTest
  @MethodSource("all")
  void growingResponsesAreTokenizedAsTheirWholeTexts(TokenizerVariant variant) {
    try (ModelTokenizer tokenizer = variant.load(directory)) {
      for (int seed = 0; seed < 12; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        Rendered prompt = new Rendered(pieces(random, 6), random.nextBoolean());
        ResponseEncoder encoder = new ResponseEncoder(tokenizer, prompt);
        List<String> responses = List.of("");
        for (int round = 0; round < 25; round++) {
          responses = next(random, responses);
          List<TokenIds> sequences = encoder.encode(responses);
          assertThat(sequences).hasSameSizeAs(responses);
          for (int i = 0; i < responses.size(); i++) {
            assertThat(sequences.get(i))
                .as("%s, seed %d, round %d: %s", variant, seed, round, responses.get(i))
                .isEqualTo(whole(tokenizer, prompt, responses.get(i)));
          }
        }
      }
    }
  }

  private static TokenIds whole(ModelTokenizer tokenizer, Rendered prompt, String response) {
    return tokenizer.encode(prompt.text() + response, prompt.specialTokens());
  }

  @ParameterizedTest
  @MethodSource("stable")
  void ofAGrowingTextOnlyTheEndIsTokenized(TokenizerVariant variant) {
    Rendered prompt = Rendered.raw("This movie was a great one, ".repeat(50));
    try (ModelTokenizer tokenizer = variant.load(directory)) {
      ResponseEncoder encoder = new ResponseEncoder(tokenizer, prompt);
      StringBuilder response = new StringBuilder();
      for (int round = 0; round < 50; round++) {
        response.append(round % 7 == 0 ? ", the films were" : " a movie it was");
        long before = encoder.charactersTokenized();
        encoder.encode(List.of(response.toString(), response + " but", response + " not"));
        assertThat(encoder.charactersTokenized() - before)
            .as("round %d of %d characters", round, prompt.text().length() + response.length())
            .isLessThan(3 * 45);
      }
    }
  }

  @Test
  void whatIsKnownIsNotTokenizedAgain() {
    try (ModelTokenizer tokenizer = TokenizerVariant.unchanged("base").load(directory)) {
      ResponseEncoder encoder = new ResponseEncoder(tokenizer, Rendered.raw("This movie was"));
      List<String> responses = List.of(" great", " dull", " great");
      List<TokenIds> sequences = encoder.encode(responses);
      long before = encoder.charactersTokenized();
      assertThat(before).isPositive();
      assertThat(encoder.encode(responses)).isEqualTo(sequences);
      assertThat(encoder.charactersTokenized()).isEqualTo(before);
    }
  }
}
