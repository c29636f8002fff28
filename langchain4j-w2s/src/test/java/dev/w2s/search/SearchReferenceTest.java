// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;

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
      SearchSettings settings =
          SearchSettings.chunkBeam(
                  1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(4))
              .withMaxTokens(1 + random.nextInt(12));
      TextWorld world =
          new TextWorld(random.nextLong(), settings.beamWidth() * settings.successors());

      SearchResult result = search(settings, world);

      assertEqualsNaive(result, settings, world);
      reasons.add(result.stopReason());
      merged += result.rounds().stream().mapToInt(Round::merged).sum();
      carriedOver += result.rounds().stream().mapToInt(Round::carriedOver).sum();
    }
    // The worlds are worth something only if they reach what is hard.
    assertThat(reasons)
        .containsExactly(StopReason.ENDED, StopReason.TOKEN_LIMIT, StopReason.POSITIONS);
    assertThat(merged).isGreaterThan(CASES);
    assertThat(carriedOver).isGreaterThan(CASES);
  }

  private static SearchResult search(SearchSettings settings, TextWorld world) {
    CandidateSampler sampler =
        new PortFakes.Sampler(
            requests -> requests.stream().map(request -> draw(world, request)).toList());
    CandidateScorer scorer =
        new PortFakes.Scorer(
            candidates ->
                new CandidateScorer.Scores(
                    candidates.stream().map(world::score).toList(), candidates.size()));
    return new ChunkBeamSearch(settings).search(sampler, scorer);
  }

  private static List<Candidate> draw(TextWorld world, DrawRequest request) {
    return world
        .continuations(request.hypothesis(), request.maxTokens())
        .subList(0, request.draws());
  }

  private static void assertEqualsNaive(
      SearchResult result, SearchSettings settings, TextWorld world) {
    List<List<Candidate>> expected =
        new NaiveSearch(settings, world::continuations, world::score).beams();
    assertThat(result.rounds().stream().map(round -> candidates(round.kept())))
        .as("%s in %s", settings, world)
        .containsExactlyElementsOf(expected);
    assertThat(candidates(result.hypotheses())).isEqualTo(expected.get(expected.size() - 1));
    if (settings.isGuided()) {
      assertThat(result.hypotheses())
          .allSatisfy(
              hypothesis ->
                  assertThat(hypothesis.score()).isEqualTo(world.score(hypothesis.candidate())));
    }
  }

  private static List<Candidate> candidates(List<ScoredCandidate> scored) {
    return scored.stream().map(ScoredCandidate::candidate).toList();
  }
}
