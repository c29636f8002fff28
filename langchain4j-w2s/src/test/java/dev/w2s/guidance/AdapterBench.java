// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What a pair takes in a search with W, K, L = 4, 4, 5: resident memory once it has scored, and
 * seconds a round. Two directories say which pair, a whole model or an adapter over the other. No
 * test: it prints numbers and asserts none.
 *
 * <pre>./mvnw -pl langchain4j-w2s -am test -Dtest=AdapterBench
 * -Dsurefire.failIfNoSpecifiedTests=false "-Dtest.argLine=-Dw2s.tuned=DIR -Dw2s.untuned=DIR"</pre>
 */
class AdapterBench {
  private static final int ROUNDS = 25;
  private static final List<String> WORDS = List.of(" movie", " story", " the", " man", " was");

  @Test
  void print() throws IOException {
    try (GuidancePair pair =
            GuidancePair.load(
                System.getProperty("w2s.tuned", ""),
                System.getProperty("w2s.untuned", ""),
                new Placement("cpu", Placement.AUTO.type()),
                PromptFormat.raw());
        PairSession session = pair.openSession(new Prompt.Text("This movie was"))) {
      SplittableRandom random = new SplittableRandom(1);
      List<String> kept = List.of("", "", "", "");
      double[] seconds = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        List<String> texts = grown(kept, random);
        long start = System.nanoTime();
        session.score(texts.stream().map(text -> new Response(text, false)).toList());
        seconds[round] = (System.nanoTime() - start) / 1e9;
        kept = texts.subList(0, 4);
      }
      Arrays.sort(seconds);
      System.out.printf(
          Locale.ROOT,
          "%s against %s: %s, median of %d rounds %.3f s%n",
          pair.tuned().reference(),
          pair.untuned().reference(),
          memory(),
          ROUNDS,
          seconds[ROUNDS / 2]);
    }
  }

  /** Four of each of the four that were kept, five words longer. */
  private static List<String> grown(List<String> kept, SplittableRandom random) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      StringBuilder text = new StringBuilder(kept.get(i % 4));
      for (int word = 0; word < 5; word++) {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static String memory() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
        .map(line -> line.replaceAll("\\s+", " "))
        .toList()
        .toString();
  }
}
