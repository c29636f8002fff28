// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import dev.w2s.model.Golden;
import dev.w2s.model.ModelReference;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What a search with W, K, L = 4, 4, 5 spends on turning its growing texts into tokens and back, at
 * once and only what is new. No test: it prints numbers and asserts none.
 *
 * <pre>./mvnw -pl langchain4j-w2s -am test -Dtest=GrowingTextBench
 * -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class GrowingTextBench {
  private static final Rendered PROMPT = Rendered.raw("This movie was");

  /** One token each. */
  private static final List<String> WORDS =
      List.of(" great", " film", " and", " the", " movie", " was", " a", " I", " loved");

  @Test
  void print() {
    Path directory = ModelReference.parse(Golden.reference("base")).resolve();
    try (ModelTokenizer tokenizer = ModelTokenizer.load(ModelFolder.of(directory), 1 << 20)) {
      for (int warmUp = 0; warmUp < 2; warmUp++) {
        encoding(tokenizer, 256);
        decoding(tokenizer, 256);
      }
      for (int tokens : new int[] {512, 2048}) {
        report("encoding", tokens, encoding(tokenizer, tokens));
        report("decoding", tokens, decoding(tokenizer, tokens));
      }
    }
  }

  private static void report(String what, int tokens, double[] seconds) {
    System.out.printf(
        Locale.ROOT,
        "%s, %d tokens: whole %.3f s, only what is new %.3f s, ratio %.1f%n",
        what,
        tokens,
        seconds[0],
        seconds[1],
        seconds[0] / seconds[1]);
  }

  /**
   * Seconds of a search's candidates, whole for each model of a pair, and incrementally for both.
   */
  private static double[] encoding(ModelTokenizer tokenizer, int tokens) {
    SplittableRandom random = new SplittableRandom(1);
    ResponseEncoder encoder = new ResponseEncoder(tokenizer, PROMPT);
    List<String> beam = List.of("", "", "", "");
    double[] seconds = new double[2];
    for (int length = 0; length < tokens; length += 5) {
      List<String> candidates = new ArrayList<>();
      for (String hypothesis : beam) {
        for (int successor = 0; successor < 4; successor++) {
          candidates.add(hypothesis + chunk(random));
        }
      }
      long start = System.nanoTime();
      for (int model = 0; model < 2; model++) {
        candidates.forEach(text -> tokenizer.encode(PROMPT.text() + text, true));
      }
      seconds[0] += (System.nanoTime() - start) / 1e9;
      start = System.nanoTime();
      encoder.encode(candidates);
      seconds[1] += (System.nanoTime() - start) / 1e9;
      beam = List.of(candidates.get(1), candidates.get(2), candidates.get(7), candidates.get(12));
    }
    return seconds;
  }

  private static String chunk(SplittableRandom random) {
    StringBuilder chunk = new StringBuilder();
    for (int word = 0; word < 5; word++) {
      chunk.append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return chunk.toString();
  }

  /** Seconds of one response whose text is wanted after every token, as for a stop string. */
  private static double[] decoding(ModelTokenizer tokenizer, int tokens) {
    SplittableRandom random = new SplittableRandom(2);
    StringBuilder text = new StringBuilder();
    while (tokenizer.encode(text.toString(), false).size() < tokens) {
      text.append(chunk(random));
    }
    TokenIds all = tokenizer.encode(text.toString(), false).part(0, tokens);
    double[] seconds = new double[2];
    long start = System.nanoTime();
    for (int length = 1; length <= tokens; length++) {
      tokenizer.decode(all.part(0, length));
    }
    seconds[0] = (System.nanoTime() - start) / 1e9;
    TokenIds prompt = tokenizer.encode(PROMPT.text(), true);
    ResponseDecoder decoder = new ResponseDecoder(tokenizer, prompt);
    start = System.nanoTime();
    ResponseDecoder.Growing growing = decoder.grow(decoder.decode(TokenIds.none()));
    for (int length = 0; length < tokens; length++) {
      growing.append(all.get(length));
      growing.unfinished();
    }
    seconds[1] = (System.nanoTime() - start) / 1e9;
    return seconds;
  }
}
