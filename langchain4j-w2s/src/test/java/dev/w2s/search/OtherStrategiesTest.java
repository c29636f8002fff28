// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.testkit.TextWorld;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Searches of other kinds than a beam can be written as strategies alone: one that multiplies its
 * hypotheses, one that goes back to any of them, and one that takes back a suffix and draws it
 * anew. None is meant for use.
 */
class OtherStrategiesTest {
  private static final int WORLDS = 50;
  private static final Comparator<Hypothesis> BEST_FIRST =
      Comparator.comparingDouble(Hypothesis::score).reversed();

  private static SearchResult search(
      Supplier<SearchStrategy> strategies, TextWorld world, Trace trace) {
    CandidateSampler sampler =
        new PortFakes.Sampler(
            requests ->
                requests.stream()
                    .map(
                        request ->
                            world
                                .continuations(request.response(), request.maxTokens())
                                .subList(0, request.draws()))
                    .toList());
    CandidateScorer scorer =
        new PortFakes.Scorer(candidates -> candidates.stream().mapToDouble(world::score).toArray());
    SearchMethod method = guard -> strategies.get();
    return new Search(SearchSettings.of(method).withMaxTokens(12))
        .run(sampler, scorer, trace, new Cancellation());
  }

  /** Sequential Monte Carlo with a resampling after every chunk, by increments of the score. */
  private static final class ParticleFilter implements SearchStrategy {
    private static final int PARTICLES = 8;
    private final Random random = new Random(7);
    private final Map<Integer, Double> scores = new HashMap<>(Map.of(0, 0.0));
    private Map<Hypothesis, Integer> particles = Map.of(Hypothesis.root(), PARTICLES);
    private boolean told;

    @Override
    public List<DrawRequest> ask() {
      return particles.entrySet().stream()
          .filter(particle -> particle.getKey().isOpen())
          .map(particle -> new DrawRequest(particle.getKey(), particle.getValue(), 2))
          .toList();
    }

    @Override
    public void tell(List<Hypothesis> fresh) {
      told = true;
      List<Hypothesis> crowd = new ArrayList<>();
      particles.forEach((closed, number) -> add(crowd, closed, closed.isOpen() ? 0 : number));
      fresh.forEach(drawn -> add(crowd, drawn, drawn.draws()));
      assertThat(crowd).as("no particle is lost").hasSize(PARTICLES);
      double[] weights =
          crowd.stream()
              .mapToDouble(h -> Math.exp(h.score() - scores.getOrDefault(h.parent(), 0.0)))
              .toArray();
      fresh.forEach(drawn -> scores.put(drawn.id(), drawn.score()));
      Map<Hypothesis, Integer> next = new HashMap<>();
      for (int i = 0; i < PARTICLES; i++) {
        next.merge(crowd.get(draw(weights)), 1, Integer::sum);
      }
      particles = next;
    }

    private static void add(List<Hypothesis> crowd, Hypothesis particle, int number) {
      // As one and the same particle, however often it was drawn in a round.
      crowd.addAll(Collections.nCopies(number, particle.withDraws(1)));
    }

    private int draw(double[] weights) {
      double u =
          random.nextDouble()
              * IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
      for (int i = 0; i < weights.length; i++) {
        u -= weights[i];
        if (u < 0) {
          return i;
        }
      }
      return weights.length - 1;
    }

    @Override
    public List<Hypothesis> best() {
      return told ? particles.keySet().stream().sorted(BEST_FIRST).toList() : List.of();
    }
  }

  @Test
  void aParticleFilterMultipliesAndKeepsItsNumber() {
    int multiplied = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      Trace trace = new Trace();
      SearchResult result =
          search(ParticleFilter::new, new TextWorld(seed, ParticleFilter.PARTICLES), trace);
      assertThat(result.hypotheses()).noneMatch(Hypothesis::isOpen);
      multiplied +=
          trace.rounds().stream()
              .flatMap(round -> round.candidates().stream())
              .mapToInt(h -> h.draws() > 1 ? 1 : 0)
              .sum();
    }
    assertThat(multiplied).as("equal draws were counted").isGreaterThan(WORLDS);
  }

  /** Best first over all nodes: goes back to whatever is most promising, from any round. */
  private static final class BestFirstTree implements SearchStrategy {
    private static final int EXPANSIONS = 6;
    private final List<Hypothesis> nodes = new ArrayList<>();
    private final Set<Integer> expanded = new HashSet<>();

    @Override
    public List<DrawRequest> ask() {
      if (nodes.isEmpty()) {
        return List.of(new DrawRequest(Hypothesis.root(), 3, 2));
      }
      if (expanded.size() == EXPANSIONS) {
        return List.of();
      }
      return nodes.stream()
          .filter(node -> node.isOpen() && !expanded.contains(node.id()))
          .sorted(BEST_FIRST)
          .limit(1)
          .peek(node -> expanded.add(node.id()))
          .map(node -> new DrawRequest(node, 3, 2))
          .toList();
    }

    @Override
    public void tell(List<Hypothesis> fresh) {
      fresh.stream()
          .filter(drawn -> nodes.stream().noneMatch(node -> node.id() == drawn.id()))
          .forEach(nodes::add);
    }

    @Override
    public List<Hypothesis> best() {
      return nodes.stream().sorted(BEST_FIRST).toList();
    }
  }

  @Test
  void aTreeSearchGoesBackToNodesOfEarlierRounds() {
    int backtracked = 0;
    Set<StopReason> reasons = new HashSet<>();
    for (int seed = 0; seed < WORLDS; seed++) {
      Trace trace = new Trace();
      reasons.add(search(BestFirstTree::new, new TextWorld(seed, 3), trace).stopReason());
      Map<Integer, Integer> roundOf = new HashMap<>();
      for (Round round : trace.rounds()) {
        for (Hypothesis node :
            round.candidates().subList(round.carriedOver(), round.candidates().size())) {
          roundOf.put(node.id(), round.number());
          int parentsRound = roundOf.getOrDefault(node.parent(), 0);
          backtracked += round.number() - parentsRound > 1 ? 1 : 0;
        }
      }
    }
    assertThat(backtracked).as("nodes below one of an earlier round").isGreaterThan(WORLDS);
    assertThat(reasons).contains(StopReason.FINISHED);
  }

  /**
   * Metropolis-Hastings over suffixes: from a random place of the present response it is drawn anew
   * to the end, and the new response is taken with probability min(1, exp(score difference)).
   */
  private static final class SuffixResampling implements SearchStrategy {
    private static final int STEPS = 5;
    private final Random random = new Random(11);
    private List<Hypothesis> present = new ArrayList<>(); // from the first chunk to the last
    private List<Hypothesis> proposal = new ArrayList<>(List.of(Hypothesis.root()));
    private final List<Hypothesis> responses = new ArrayList<>();
    private int steps;
    int taken;

    @Override
    public List<DrawRequest> ask() {
      Hypothesis last = proposal.get(proposal.size() - 1);
      return steps > STEPS ? List.of() : List.of(new DrawRequest(last, 1, 2));
    }

    @Override
    public void tell(List<Hypothesis> fresh) {
      Hypothesis drawn = fresh.get(0);
      proposal.add(drawn);
      if (drawn.isOpen()) {
        return;
      }
      responses.add(drawn);
      boolean first = present.isEmpty();
      double ratio = first ? 1 : Math.exp(drawn.score() - present.get(present.size() - 1).score());
      if (random.nextDouble() < ratio) {
        present = proposal;
        taken += first ? 0 : 1;
      }
      steps++;
      proposal = new ArrayList<>(present.subList(0, 1 + random.nextInt(present.size() - 1)));
    }

    @Override
    public List<Hypothesis> best() {
      List<Hypothesis> held = responses.isEmpty() ? proposal : responses;
      return held.stream().filter(h -> h.id() > 0).sorted(BEST_FIRST).toList();
    }
  }

  @Test
  void suffixesAreTakenBackAndDrawnAnew() {
    int taken = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      SuffixResampling strategy = new SuffixResampling();
      Trace trace = new Trace();
      SearchResult result = search(() -> strategy, new TextWorld(seed, 1), trace);
      assertThat(result.best().isOpen()).isFalse();
      assertThat(strategy.steps).isGreaterThan(SuffixResampling.STEPS);
      taken += strategy.taken;
    }
    assertThat(taken).isPositive();
  }
}
