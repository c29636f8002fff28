// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RequestSeedsTest {

  /** Of these searches, rounds and requests. */
  private static List<Long> seeds(LongStream searches) {
    return searches
        .boxed()
        .flatMap(
            search ->
                LongStream.range(0, 20)
                    .boxed()
                    .flatMap(
                        round ->
                            LongStream.range(0, 20)
                                .mapToObj(request -> new RequestSeeds(search).of(round, request))))
        .toList();
  }

  @Test
  void withoutASeedThereIsNone() {
    assertThat(new RequestSeeds(null).of(1, 2)).isNull();
  }

  @Test
  void noTwoAreAlikeAndTheSameSearchHasTheSame() {
    List<Long> seeds = seeds(LongStream.of(0, 1, 2, -1, Long.MIN_VALUE));
    assertThat(seeds).doesNotHaveDuplicates().hasSize(2000);
    assertThat(seeds(LongStream.of(0, 1, 2, -1, Long.MIN_VALUE))).isEqualTo(seeds);
  }

  /** Servers take 31 bits; each of them is set in about half of the seeds. */
  @Test
  void theySpreadOverAllThatServersTake() {
    List<Long> seeds = seeds(LongStream.of(7));
    assertThat(seeds).allMatch(seed -> seed >= 0 && seed <= Integer.MAX_VALUE);
    assertThat(IntStream.range(0, 31))
        .allSatisfy(
            bit ->
                assertThat(seeds.stream().filter(seed -> (seed >> bit & 1) == 1).count())
                    .as("bit %d of 400 seeds", bit)
                    .isBetween(150L, 250L));
  }
}
