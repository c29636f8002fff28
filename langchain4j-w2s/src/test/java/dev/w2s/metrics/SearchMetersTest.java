// SPDX-License-Identifier: Apache-2.0
package dev.w2s.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.SearchResult;
import dev.w2s.search.Usage;
import dev.w2s.search.guard.TrustRegion;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SearchMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  /** Two searches one after the other cost what their results say, together. */
  @Test
  void countsWhatSearchesCost() {
    SearchMeters meters = new SearchMeters(registry, Tag.of("model.name", "critic"));
    AtomicInteger overruled = new AtomicInteger();
    SamplingParameters sampling = new SamplingParameters(0.7, 50, 1, List.of());
    try (CausalModel base = CausalModel.load("embedded:movie-reviews/base");
        GuidancePair pair =
            GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      WeakToStrongLanguageModel model =
          WeakToStrongLanguageModel.builder()
              .delegate(new LocalLanguageModel(base, sampling, 20, 1L))
              .pair(pair)
              .beamWidth(2)
              .successors(2)
              .chunkLength(5)
              .maxTokens(20)
              .guard(TrustRegion.defaults())
              .listener(
                  round -> {
                    meters.onRound(round);
                    overruled.addAndGet(round.overruled());
                  })
              .build();
      SearchResult first = model.search("This movie was");
      SearchResult second = model.search("I liked");
      Usage one = first.usage();
      Usage other = second.usage();
      int rounds = first.rounds() + second.rounds();
      assertThat(count("w2s.searches", "model.name", "critic")).isEqualTo(2);
      assertThat(count("w2s.rounds")).isEqualTo(rounds);
      assertThat(count("w2s.candidates")).isBetween(8.0, 4.0 * rounds);
      assertThat(count("w2s.candidates.dropped")).isZero();
      assertThat(count("w2s.guard.overruled")).isEqualTo(overruled.get()).isPositive();
      assertThat(count("w2s.calls")).isEqualTo((double) (one.calls() + other.calls()));
      assertThat(count("w2s.tokens", "model", "large"))
          .isEqualTo((double) (one.sampledTokens() + other.sampledTokens()));
      assertThat(count("w2s.tokens", "model", "small"))
          .isEqualTo((double) (one.scoredTokens() + other.scoredTokens()));
      assertThat(registry.get("w2s.round").tag("phase", "scoring").timer().count())
          .isEqualTo(rounds);
      assertThat(
              registry
                  .get("w2s.round")
                  .tag("phase", "sampling")
                  .timer()
                  .totalTime(TimeUnit.NANOSECONDS))
          .isPositive();
    }
  }

  @Test
  void noTextReachesAMeter() {
    countsWhatSearchesCost();
    assertThat(registry.getMeters())
        .flatExtracting(meter -> meter.getId().getTags())
        .extracting(Tag::getValue)
        .containsOnly("critic", "large", "small", "sampling", "scoring");
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .extracting(Meter.Id::getName)
        .allMatch(name -> name.startsWith("w2s."));
  }
}
