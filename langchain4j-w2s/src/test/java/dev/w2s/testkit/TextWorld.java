// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import dev.w2s.search.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * A small world of texts over two letters in which draws and scores are functions of the text and a
 * seed alone. Texts coincide often, scores tie often, and a token may be empty or two letters long,
 * so that equal texts differ in tokens.
 */
public record TextWorld(long seed, int draws) {

  /** The continuations of a hypothesis by at most maxTokens tokens. */
  public List<Candidate> continuations(Candidate hypothesis, int maxTokens) {
    List<Candidate> continuations = new ArrayList<>();
    for (int draw = 0; draw < draws; draw++) {
      long key = Objects.hash(seed, hypothesis.text(), hypothesis.tokens(), draw);
      continuations.add(continuation(new Random(key), hypothesis, maxTokens));
    }
    return continuations;
  }

  private static Candidate continuation(Random random, Candidate hypothesis, int maxTokens) {
    StringBuilder text = new StringBuilder(hypothesis.text());
    for (int token = 1; token <= maxTokens; token++) {
      text.append(List.of("a", "a", "b", "b", "ab", "").get(random.nextInt(6)));
      int fate = random.nextInt(24);
      if (fate < 3) {
        Candidate.Status status =
            fate < 2 ? Candidate.Status.ENDED : Candidate.Status.OUT_OF_POSITIONS;
        return new Candidate(text.toString(), hypothesis.tokens() + token, status);
      }
      if (fate == 3) { // a sampler may stop short of the chunk length
        return new Candidate(text.toString(), hypothesis.tokens() + token, Candidate.Status.OPEN);
      }
    }
    return new Candidate(text.toString(), hypothesis.tokens() + maxTokens, Candidate.Status.OPEN);
  }

  /** One of nine scores from -1 to 1, by text and whether it ended. */
  public double score(Candidate candidate) {
    int key = Objects.hash(seed, candidate.text(), candidate.ended());
    return (new Random(key).nextInt(9) - 4) / 4.0;
  }
}
