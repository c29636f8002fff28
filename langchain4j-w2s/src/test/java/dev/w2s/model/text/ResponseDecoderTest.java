// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is decoded piece by piece equals what is decoded whole. */
class ResponseDecoderTest {
  private static final String INCOMPLETE = "\uFFFD";

  private static final List<String> TEXTS =
      List.of(
          " the movie was",
          "  great ",
          "déjà vu",
          "日本の映画",
          " 日 本",
          "😀",
          "👍🏽 ",
          "é\n\n",
          "<s>",
          "<|endoftext|>",
          "e\u0301",
          "\t'x'",
          " 1,000.");

  @TempDir private Path directory;

  static Stream<TokenizerVariant> all() {
    return TokenizerVariants.all();
  }

  /** Tokens of texts, single ones among them, so that characters are left unfinished. */
  private static TokenIds tokens(ModelTokenizer tokenizer, SplittableRandom random, int texts) {
    int[] known =
        tokenizer.vocabulary().ids().values().stream().mapToInt(id -> id).sorted().toArray();
    TokenIds tokens = TokenIds.none();
    for (int i = 0; i < texts; i++) {
      if (random.nextInt(3) == 0) {
        tokens = tokens.plus(TokenIds.of(known[random.nextInt(Math.min(known.length, 400))]));
      } else {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        TokenIds all = tokenizer.encode(text, false);
        int end = random.nextInt(3) == 0 ? random.nextInt(all.size() + 1) : all.size();
        tokens = tokens.plus(all.part(0, end));
      }
    }
    return tokens;
  }

  /** As it is when all tokens are decoded at once. */
  private static String whole(ModelTokenizer tokenizer, TokenIds prompt, TokenIds response) {
    String before = tokenizer.decode(prompt);
    String both = tokenizer.decode(prompt.plus(response));
    return both.startsWith(before) ? both.substring(before.length()) : tokenizer.decode(response);
  }

  @ParameterizedTest
  @MethodSource("all")
  void growingResponsesAreDecodedAsTheirWholeTokens(TokenizerVariant variant) {
    try (ModelTokenizer tokenizer = variant.load(directory)) {
      boolean bytesInRows = tokenizer.vocabulary().ids().containsKey("<0x00>");
      int broken = 0;
      for (int seed = 0; seed < 60; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        TokenIds prompt = tokenizer.encode(" The mov" + "ie.".repeat(seed % 5), true);
        TokenIds response = tokens(tokenizer, random, 12);
        ResponseDecoder decoder = new ResponseDecoder(tokenizer, prompt);
        DecodedResponse grown = DecodedResponse.EMPTY;
        while (grown.tokens().size() < response.size()) {
          DecodedResponse before = grown;
          ResponseDecoder.Growing growing = decoder.grow(before);
          int end = Math.min(response.size(), growing.size() + 1 + random.nextInt(4));
          IntStream.range(growing.size(), end).forEach(i -> growing.append(response.get(i)));
          grown = growing.decoded();
          TokenIds tokens = response.part(0, end);
          assertThat(grown.tokens()).isEqualTo(tokens);
          assertThat(grown.text()).startsWith(before.text()).doesNotEndWith(INCOMPLETE);
          assertThat(grown).as("however many at a time").isEqualTo(decoder.decode(tokens));
          String whole = whole(tokenizer, prompt, tokens);
          if (bytesInRows && whole.contains(INCOMPLETE)) {
            broken++;
          } else {
            assertThat(grown.wholeText())
                .as("%s, seed %d: %s", variant, seed, tokens)
                .isEqualTo(whole);
          }
        }
      }
      assertThat(broken > 30).isEqualTo(bytesInRows);
    }
  }

  /** Of a row of byte tokens that is no text, the characters before the fault stay. */
  @Test
  void aBrokenRowOfByteTokensTakesNoCharacterBack() {
    try (ModelTokenizer tokenizer = TokenizerVariant.unchanged("llama-old-style").load(directory)) {
      Map<Integer, String> names = new HashMap<>();
      tokenizer.vocabulary().ids().forEach((name, id) -> names.put(id, name));
      TokenIds prompt = tokenizer.encode("The", true);
      ResponseDecoder decoder = new ResponseDecoder(tokenizer, prompt);
      int broken = 0;
      for (int seed = 0; seed < 120; seed++) {
        TokenIds response = tokens(tokenizer, new SplittableRandom(seed), 12);
        String expected = byRows(response.stream().mapToObj(names::get).toList());
        broken += expected.contains(INCOMPLETE) ? 1 : 0;
        assertThat(decoder.decode(response).wholeText()).as("seed %d", seed).isEqualTo(expected);
      }
      assertThat(broken).isGreaterThan(30);
    }
  }

  /**
   * Special tokens are no text, so behind them a text seems to start; its space is kept all the
   * same.
   */
  @Test
  void aSpaceBehindManySpecialTokensStays() {
    try (ModelTokenizer tokenizer = TokenizerVariant.unchanged("llama-old-style").load(directory)) {
      TokenIds prompt = tokenizer.encode("The", true);
      TokenIds response = TokenIds.of(2, 2, 2, 2, 2, 2, 2, 2, 2, 2);
      TokenIds movie = tokenizer.encode("movie", false);
      ResponseDecoder.Growing growing =
          new ResponseDecoder(tokenizer, prompt).grow(DecodedResponse.EMPTY);
      response.stream().forEach(growing::append);
      assertThat(growing.decoded().text()).isEmpty();
      movie.stream().forEach(growing::append);
      assertThat(growing.decoded().text()).isEqualTo(" movie");
    }
  }

  @Test
  void anUnfinishedCharacterIsHeldApart() {
    try (ModelTokenizer tokenizer = TokenizerVariant.unchanged("llama-old-style").load(directory)) {
      TokenIds prompt = tokenizer.encode("The", true);
      int firstByte = tokenizer.vocabulary().ids().get("<0xE6>");
      ResponseDecoder.Growing growing =
          new ResponseDecoder(tokenizer, prompt).grow(DecodedResponse.EMPTY);
      growing.append(firstByte);
      assertThat(growing.unfinished()).isEqualTo(INCOMPLETE);
      assertThat(growing.text(0)).isEmpty();
    }
  }

  private static String byRows(List<String> names) {
    StringBuilder text = new StringBuilder();
    ByteArrayOutputStream row = new ByteArrayOutputStream();
    for (String name : names) {
      if (name.matches("<0x..>")) {
        row.write(Integer.parseInt(name.substring(3, 5), 16));
      } else if (!name.matches("<unk>|<s>|</s>")) { // special tokens are left out before all else
        text.append(ofRow(row.toByteArray())).append(name.replace('▁', ' '));
        row.reset();
      }
    }
    return text.append(ofRow(row.toByteArray())).toString();
  }

  private static String ofRow(byte[] row) {
    for (int length = row.length; ; length--) {
      String text = new String(row, 0, length, UTF_8);
      if (!text.contains(INCOMPLETE)) {
        return text + INCOMPLETE.repeat(row.length - length);
      }
    }
  }
}
