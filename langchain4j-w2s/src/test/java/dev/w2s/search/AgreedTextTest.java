// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.search.Candidate.Status;
import dev.w2s.testkit.TextWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgreedTextTest {

  private static List<Hypothesis> texts(String... texts) {
    return Stream.of(texts)
        .map(text -> new Hypothesis(1, 0, new Candidate(text, 1, Status.OPEN), 0, 1))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "'It was good'     | 'It was great'    | 'It was '",
        "'It was good '    | 'It was good fun' | 'It was good '",
        "'good'            | 'goodness'        | ''",
        "'the same'        | 'the same'        | 'the same'",
        "'abc'             | 'xyz'             | ''",
        "'Fine. It'        | 'Fine. He'        | 'Fine. '",
        "'Fine!'           | 'Fine.'           | 'Fine'",
        "'a👨‍👩‍👧b'        | 'a👨‍👩‍👦b'       | 'a'",
        "'x 😀 y'          | 'x 😁 y'          | 'x '",
        "'é was'     | 'e was'           | ''",
        "'我喜欢'           | '我讨厌'           | '我'",
      })
  void stopsWhereTheyPart(String one, String other, String agreed) {
    assertThat(new AgreedText().next(texts(one, other))).isEqualTo(agreed);
    assertThat(new AgreedText().next(texts(other, one))).isEqualTo(agreed);
  }

  @Test
  void givesEachPieceOnce() {
    AgreedText agreed = new AgreedText();
    assertThat(agreed.next(texts("It was good", "It was bad"))).isEqualTo("It was ");
    assertThat(agreed.next(texts("It was good fun", "It was good food"))).isEqualTo("good ");
    assertThat(agreed.next(texts("It was good fun", "It was good food"))).isEmpty();
    assertThat(agreed.next(texts("It was good fun and"))).isEqualTo("fun and");
    assertThat(agreed.rest("It was good fun and more")).isEqualTo(" more");
    assertThat(agreed.rest("It was good fun and more")).isEmpty();
  }

  /** Whatever a search does: the pieces are what all share, and make up the result. */
  @Test
  void piecesMakeUpTheResult() {
    Random random = new Random(11);
    int early = 0;
    for (int i = 0; i < 300; i++) {
      ChunkBeam beam = new ChunkBeam(1 + random.nextInt(4), 2, 1 + random.nextInt(3));
      TextWorld world = new TextWorld(random.nextLong(), beam.draws());
      AgreedText agreed = new AgreedText();
      List<String> pieces = new ArrayList<>();
      SearchResult result =
          new Search(SearchSettings.of(beam).withMaxTokens(12))
              .run(
                  new PortFakes.Sampler(
                      requests ->
                          requests.stream()
                              .map(
                                  request ->
                                      world
                                          .continuations(request.response(), request.maxTokens())
                                          .subList(0, request.draws()))
                              .toList()),
                  new PortFakes.Scorer(
                      candidates -> candidates.stream().mapToDouble(world::score).toArray()),
                  round -> {
                    pieces.add(agreed.next(round.kept()));
                    String sent = String.join("", pieces);
                    assertThat(round.kept())
                        .allMatch(kept -> kept.candidate().text().startsWith(sent));
                  },
                  new Cancellation());
      early += String.join("", pieces).length();
      pieces.add(agreed.rest(result.best().candidate().text()));
      assertThat(String.join("", pieces)).isEqualTo(result.best().candidate().text());
    }
    assertThat(early).isGreaterThan(300);
  }
}
