// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.search.Cancellation;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Guard;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import dev.w2s.search.Search;
import dev.w2s.search.SearchMethod;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.SearchStrategy;
import dev.w2s.search.Trace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SearchStrategy} keeps, seen over many small worlds of texts in which draws and
 * scores coincide often; extend it for one's own.
 */
public abstract class SearchStrategyContract {
  private static final int WORLDS = 100;
  private static final int MAX_TOKENS = 12;

  /** The search, which chooses by scores. */
  protected abstract SearchMethod method();

  /** Most draws that it asks for at once from one hypothesis. */
  protected abstract int mostDraws();

  /** What chooses what is kept; with one of its own the best need not be the first. */
  protected Guard guard() {
    return Guard.none();
  }

  /** Watches what a strategy asks and holds. */
  private record Watched(SearchStrategy strategy, Set<Integer> told, boolean byScore)
      implements SearchStrategy {

    @Override
    public List<DrawRequest> ask() {
      List<DrawRequest> requests = strategy.ask();
      assertThat(requests)
          .allSatisfy(
              request -> assertThat(told).as("told of before").contains(request.from().id()));
      assertThat(strategy.ask()).as("to ask is not to go on").isEqualTo(requests);
      return requests;
    }

    @Override
    public void tell(List<Hypothesis> fresh) {
      fresh.forEach(hypothesis -> told.add(hypothesis.id()));
      strategy.tell(fresh);
      assertThat(strategy.best()).isNotEmpty().doesNotHaveDuplicates();
      if (byScore) {
        assertThat(strategy.best())
            .isSortedAccordingTo((one, other) -> Double.compare(other.score(), one.score()));
      }
    }

    @Override
    public List<Hypothesis> best() {
      List<Hypothesis> best = strategy.best();
      assertThat(best).extracting(Hypothesis::id).doesNotContain(0).isSubsetOf(told);
      return best;
    }
  }

  /** It ends, asks only for what it was told of, and holds what it was told, best first. */
  @Test
  protected void itEndsAndHoldsWhatItWasToldBestFirst() {
    for (int seed = 0; seed < WORLDS; seed++) {
      TextWorld world = new TextWorld(seed, mostDraws());
      boolean byScore = guard().equals(Guard.none());
      SearchMethod watched =
          guard -> new Watched(method().start(guard), new HashSet<>(Set.of(0)), byScore);
      SearchResult result = search(watched, world, new Trace());
      assertThat(result.failure()).as("world %d", seed).isNull();
      assertThat(result.hypotheses())
          .allSatisfy(held -> assertThat(held.score()).isEqualTo(world.score(held.candidate())));
    }
  }

  /** Two searches of one method in one world find the same: a strategy shares nothing. */
  @Test
  protected void searchesDoNotDisturbEachOther() {
    SearchMethod method = method();
    for (int seed = 0; seed < WORLDS; seed++) {
      TextWorld world = new TextWorld(seed, mostDraws());
      Trace first = new Trace();
      Trace second = new Trace();
      assertThat(search(method, world, first).hypotheses())
          .isEqualTo(search(method, world, second).hypotheses());
      assertThat(kept(first)).isEqualTo(kept(second));
    }
  }

  private static List<List<Hypothesis>> kept(Trace trace) {
    return trace.rounds().stream().map(round -> round.kept()).toList();
  }

  private SearchResult search(SearchMethod method, TextWorld world, Trace trace) {
    return new Search(SearchSettings.of(method).withMaxTokens(MAX_TOKENS).withGuard(guard()))
        .run(new WorldSampler(world), new WorldScorer(world), trace, new Cancellation());
  }

  private record WorldSampler(TextWorld world) implements CandidateSampler {
    @Override
    public List<List<Candidate>> sample(List<DrawRequest> requests) {
      return requests.stream().map(this::draw).toList();
    }

    private List<Candidate> draw(DrawRequest request) {
      return world
          .continuations(request.response(), request.maxTokens())
          .subList(0, request.draws());
    }

    @Override
    public SamplingCost cost() {
      return new SamplingCost(0, 0);
    }

    @Override
    public void close() {}
  }

  private record WorldScorer(TextWorld world) implements CandidateScorer {
    @Override
    public double[] score(List<Candidate> candidates) {
      return candidates.stream().mapToDouble(world::score).toArray();
    }

    @Override
    public long tokensRun() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
