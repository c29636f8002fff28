// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.testkit.TextWorld;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The search against {@link NaiveSearch}, over many random worlds. */
class SearchReferenceTest {

  private static final int CASES = 1_000;

  @Test
  void everyBeamEqualsThatOfTheNaiveDefinition() {
    Random random = new Random(20240529);
    Set<StopReason> reasons = EnumSet.noneOf(StopReason.class);
    int merged = 0;
    int carriedOver = 0;
    for (int i = 0; i < CASES; i++) {
      ChunkBeam beam =
          new ChunkBeam(
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              random.nextBoolean() ? SearchSettings.UNLIMITED : random.nextInt(8));
      int maxTokens = 1 + random.nextInt(12);
      TextWorld world = new TextWorld(random.nextLong(), beam.draws());
      Trace trace = new Trace();

      SearchResult result = search(SearchSettings.of(beam).withMaxTokens(maxTokens), world, trace);

      List<List<Candidate>> expected =
          new NaiveSearch(beam, maxTokens, world::continuations, world::score).beams();
      assertEqualsNaive(result, trace, expected, beam, world);
      reasons.add(result.stopReason());
      merged += trace.rounds().stream().mapToInt(SearchReferenceTest::merged).sum();
      carriedOver += trace.rounds().stream().mapToInt(Round::carriedOver).sum();
    }
    // The worlds are worth something only if they reach what is hard.
    assertThat(reasons)
        .containsExactly(StopReason.ENDED, StopReason.TOKEN_LIMIT, StopReason.OUT_OF_POSITIONS);
    assertThat(merged).isGreaterThan(CASES);
    assertThat(carriedOver).isGreaterThan(CASES);
  }

  /** Draws that were no new hypothesis. */
  private static int merged(Round round) {
    return round.drawn() - (round.candidates().size() - round.carriedOver());
  }

  private static SearchResult search(SearchSettings settings, TextWorld world, Trace trace) {
    CandidateSampler sampler =
        new PortFakes.Sampler(
            requests -> requests.stream().map(request -> draw(world, request)).toList());
    CandidateScorer scorer =
        new PortFakes.Scorer(candidates -> candidates.stream().mapToDouble(world::score).toArray());
    return new Search(settings).run(sampler, scorer, trace, new Cancellation());
  }

  private static List<Candidate> draw(TextWorld world, DrawRequest request) {
    return world.continuations(request.response(), request.maxTokens()).subList(0, request.draws());
  }

  private static void assertEqualsNaive(
      SearchResult result,
      Trace trace,
      List<List<Candidate>> expected,
      ChunkBeam beam,
      TextWorld world) {
    assertThat(trace.rounds().stream().map(round -> candidates(round.kept())))
        .as("%s in %s", beam, world)
        .containsExactlyElementsOf(expected);
    assertThat(candidates(result.hypotheses())).isEqualTo(expected.get(expected.size() - 1));
    if (beam.hasChoice()) {
      assertThat(result.hypotheses())
          .allSatisfy(
              hypothesis ->
                  assertThat(hypothesis.score()).isEqualTo(world.score(hypothesis.candidate())));
    }
  }

  private static List<Candidate> candidates(List<Hypothesis> scored) {
    return scored.stream().map(Hypothesis::candidate).toList();
  }
}
