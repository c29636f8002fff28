// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import dev.w2s.search.Candidate.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What a round costs beside sampling and scoring: a search of W, K, L = 4, 4, 5 to 2,048 tokens
 * whose ports answer at once, with the agreed text taken each round as a stream does.
 *
 * <p>No test: it prints the mean and the largest time of a round, in milliseconds, of the last of
 * several searches, and asserts none.
 *
 * <pre>./mvnw -pl langchain4j-w2s -am test -Dtest=RoundOverheadBench
 * -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class RoundOverheadBench {
  private static final int TOKENS = 2048;
  private static final int SEARCHES = 20;
  private static final String[] WORDS = {" the", " film", " was", " good", " and", " bad"};

  @Test
  void print() {
    double mean = 0;
    double largest = 0;
    for (int i = 0; i < SEARCHES; i++) {
      List<Double> rounds = search(new Random(i));
      mean = rounds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      largest = rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
    System.out.printf(
        Locale.ROOT, "a round beside its ports: mean %.3f ms, largest %.3f ms%n", mean, largest);
  }

  /** Milliseconds of each round, the time within the ports left out. */
  private static List<Double> search(Random random) {
    Ports ports = new Ports(random);
    AgreedText agreed = new AgreedText();
    List<Double> rounds = new ArrayList<>();
    long[] before = {System.nanoTime()};
    new Search(SearchSettings.chunkBeam(4, 4, 5).withMaxTokens(TOKENS))
        .run(
            ports,
            ports,
            round -> {
              agreed.next(round.kept());
              long now = System.nanoTime();
              rounds.add((now - before[0] - ports.nanos) / 1e6);
              ports.nanos = 0;
              before[0] = now;
            },
            new Cancellation());
    return rounds;
  }

  /** Sampler and scorer that know how long they took. */
  private static final class Ports implements CandidateSampler, CandidateScorer {
    private final Random random;
    private long nanos;

    Ports(Random random) {
      this.random = random;
    }

    @Override
    public List<List<Candidate>> sample(List<DrawRequest> requests) {
      long start = System.nanoTime();
      List<List<Candidate>> drawn = new ArrayList<>();
      for (DrawRequest request : requests) {
        List<Candidate> draws = new ArrayList<>();
        for (int i = 0; i < request.draws(); i++) {
          StringBuilder text = new StringBuilder(request.response().text());
          for (int token = 0; token < request.maxTokens(); token++) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
          }
          int tokens = request.response().tokens() + request.maxTokens();
          draws.add(new Candidate(text.toString(), tokens, Status.OPEN));
        }
        drawn.add(draws);
      }
      nanos += System.nanoTime() - start;
      return drawn;
    }

    @Override
    public double[] score(List<Candidate> candidates) {
      long start = System.nanoTime();
      double[] nats = random.doubles(candidates.size()).toArray();
      nanos += System.nanoTime() - start;
      return nats;
    }

    @Override
    public SamplingCost cost() {
      return new SamplingCost(0, 0);
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
