// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.guidance.RewardModel;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.Budget;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.guard.TrustRegion;
import dev.w2s.spring.properties.W2sProperties.ListenerTarget;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** How properties are bound, and that what is not set is as the library has it. */
class W2sPropertiesTest {

  private static W2sProperties bind(PropertySource<?> source) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(source);
    ConfigurationPropertySources.attach(environment);
    return Binder.get(environment)
        .bindOrCreate(W2sProperties.PREFIX, Bindable.of(W2sProperties.class));
  }

  private static W2sProperties bind(Map<String, Object> properties) {
    return bind(new MapPropertySource("test", properties));
  }

  @Test
  void whatIsNotSetIsAsTheLibraryHasIt() {
    W2sProperties defaults = bind(Map.of());
    SearchProperties search = defaults.search();
    SearchSettings library = SearchSettings.defaults();
    assertThat(search.beam()).isEqualTo(library.method());
    assertThat(search.costs()).isEqualTo(library.budget()).isEqualTo(Budget.none());
    assertThat(search.choice()).isEqualTo(library.guard()).isEqualTo(Guard.none());
    // Null is the library's own default in its builders.
    assertThat(search.maxTokens()).isNull();
    assertThat(search.continuation()).isNull();
    assertThat(search.concurrency()).isNull();
    assertThat(search.scoreThinking()).isNull();
    assertThat(search.promptTemplate()).isNull();
    assertThat(defaults.enabled()).isTrue();
    assertThat(defaults.listeners()).isEqualTo(ListenerTarget.GUIDED);
    assertThat(defaults.loading().timeout()).isEqualTo(Duration.ofSeconds(60));
    W2sProperties named =
        bind(
            Map.of(
                "langchain4j.w2s.pairs.a.tuned", "x",
                "langchain4j.w2s.pairs.a.untuned", "y",
                "langchain4j.w2s.rewards.b.model", "z",
                "langchain4j.w2s.local.c.model", "v",
                "langchain4j.w2s.search.guard.enabled", "true"));
    assertThat(named.pairs().get("a").source().placement()).isEqualTo(Placement.AUTO);
    assertThat(named.pairs().get("a").weight()).isEqualTo(1);
    assertThat(named.rewards().get("b").input()).isEqualTo(RewardModel.Input.PROMPT_AND_RESPONSE);
    assertThat(named.local().get("c").sampling()).isEqualTo(SamplingParameters.DEFAULT);
    assertThat(named.search().choice()).isEqualTo(TrustRegion.defaults());
  }

  @Test
  void allThatIsSetArrives() {
    W2sProperties properties =
        bind(
            Map.ofEntries(
                Map.entry("langchain4j.w2s.pairs.kind.tuned", "t"),
                Map.entry("langchain4j.w2s.pairs.kind.untuned", "u"),
                Map.entry("langchain4j.w2s.pairs.kind.weight", "-0.5"),
                Map.entry("langchain4j.w2s.pairs.kind.device", "cuda:1"),
                Map.entry("langchain4j.w2s.pairs.kind.dtype", "bfloat16"),
                Map.entry("langchain4j.w2s.pairs.kind.tuned-system", "Be kind. "),
                Map.entry("langchain4j.w2s.pairs.kind.untunedTemplate", "Say {{prompt}}"),
                Map.entry("langchain4j.w2s.pairs.kind.untuned-chat-template", "{{ messages }}"),
                Map.entry("langchain4j.w2s.search.beam_width", "2"),
                Map.entry("langchain4j.w2s.search.successors", "3"),
                Map.entry("langchain4j.w2s.search.chunkLength", "7"),
                Map.entry("langchain4j.w2s.search.commit-lag", "10"),
                Map.entry("langchain4j.w2s.search.budget.time", "3s"),
                Map.entry("langchain4j.w2s.search.budget.tokens", "1000"),
                Map.entry("langchain4j.w2s.search.budget.calls", "9"),
                Map.entry("langchain4j.w2s.search.guard.enabled", "true"),
                Map.entry("langchain4j.w2s.search.guard.divergence", "0.2"),
                Map.entry("langchain4j.w2s.search.continuation", "continue-final"),
                Map.entry("langchain4j.w2s.loading.until-ready", "unguided")));
    PairProperties kind = properties.pairs().get("kind");
    assertThat(kind.source().placement()).isEqualTo(Placement.parse("cuda:1", "bfloat16"));
    assertThat(kind.weight()).isEqualTo(-0.5);
    assertThat(kind.source().tunedOptions().system()).isEqualTo("Be kind. ");
    assertThat(kind.source().untunedOptions().textTemplate()).isEqualTo("Say {{prompt}}");
    assertThat(kind.source().untunedOptions().chatTemplate()).isEqualTo("{{ messages }}");
    SearchProperties search = properties.search();
    assertThat(search.beam()).isEqualTo(new ChunkBeam(2, 3, 7, 10));
    assertThat(search.costs()).isEqualTo(new Budget(Duration.ofSeconds(3), 1000, 9));
    assertThat(search.choice()).isEqualTo(new TrustRegion(0.2));
    assertThat(search.continuation()).isEqualTo(Continuation.CONTINUE_FINAL);
    assertThat(bind(Map.of("langchain4j.w2s.search.best-of", "16")).search().beam())
        .isEqualTo(ChunkBeam.bestOf(16));
  }

  @Test
  void theEnvironmentDoesAsWell() {
    W2sProperties properties =
        bind(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                    "LANGCHAIN4J_W2S_PAIRS_KIND_TUNED", "http://localhost:8000/v1#small",
                    "LANGCHAIN4J_W2S_PAIRS_KIND_TUNEDSYSTEM", "Be kind.",
                    "LANGCHAIN4J_W2S_PAIRS_KIND_APIKEY", "sesame",
                    "LANGCHAIN4J_W2S_PAIRS_KIND_TOKENIZER", "dir",
                    "LANGCHAIN4J_W2S_SEARCH_BEAMWIDTH", "2")));
    PairProperties kind = properties.pairs().get("kind");
    assertThat(kind.tunedSystem()).isEqualTo("Be kind.");
    assertThat(kind.source().apiKey()).isEqualTo("sesame");
    assertThat(properties.search().beam().beamWidth()).isEqualTo(2);
    assertThat(properties.toString()).doesNotContain("sesame").contains("******");
  }
}
