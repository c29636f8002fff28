// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.output.Response;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairScore;
import dev.w2s.guidance.PairSession;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.Placement;
import dev.w2s.model.PositionLimitException;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import dev.w2s.search.Cancellation;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedFineTuningTest {
  private static final String MODELS = "embedded:movie-reviews/";
  private static final String PROMPT = "This movie was";
  private static final SamplingParameters PAPER = new SamplingParameters(0.7, 50, 1, List.of());
  private static final SearchSettings PLAIN = SearchSettings.plainSampling().withMaxTokens(20);

  @TempDir private Path directory;

  private static LocalLanguageModel seeded(CausalModel base) {
    return new LocalLanguageModel(base, PAPER, 20, 7L);
  }

  private static GuidancePair pair() {
    return GuidancePair.load(MODELS + "tuned", MODELS + "untuned");
  }

  private static WeakToStrongLanguageModel.Builder steered(
      CausalModel base, GuidancePair pair, double beta) {
    return WeakToStrongLanguageModel.builder()
        .largeModel(EmulatedFineTuning.of(seeded(base), pair, beta));
  }

  private static SearchResult drawn(CausalModel base, GuidancePair pair, double beta) {
    return steered(base, pair, beta).settings(PLAIN).build().search(PROMPT);
  }

  private static String text(SearchResult result) {
    return result.best().candidate().text();
  }

  @Test
  void betaOfZeroIsTheBase() {
    try (CausalModel base = CausalModel.load(MODELS + "base");
        GuidancePair pair = pair()) {
      String alone = seeded(base).generate(PROMPT).content();
      SearchResult none = drawn(base, pair, 0);
      assertThat(text(none)).isEqualTo(alone);
      assertThat(none.usage().scoredTokens()).isZero();
      assertThat(text(drawn(base, pair, 4))).isNotEqualTo(alone);
      // As small a beta as makes no difference, through all three models.
      assertThat(text(drawn(base, pair, 1e-9))).isEqualTo(alone);
    }
  }

  @Test
  void eachModelRunsEachTokenOnce() {
    try (CausalModel base = CausalModel.load(MODELS + "base");
        GuidancePair pair = pair()) {
      SearchResult result = drawn(base, pair, 1);
      int prompt = base.tokenizer().encode(PROMPT, true).size();
      // The prompt and 19 of 20 tokens, through each of the two.
      assertThat(result.usage().sampledTokens()).isEqualTo(20);
      assertThat(result.usage().scoredTokens()).isEqualTo(2L * (prompt + 19));
      assertThat(result.best().isScored()).isFalse();
    }
  }

  /**
   * By transformers, of 200 draws of 20 tokens: -21.8 nats, -9.8 and +8.6 for beta -1, 0 and 1.
   * What is steered away ends soon, and the end counts.
   */
  @Test
  void thePairLikesWhatItHasSteered() {
    try (CausalModel base = CausalModel.load(MODELS + "base");
        GuidancePair pair = pair()) {
      double before = meanRatio(base, pair, 0);
      assertThat(meanRatio(base, pair, 1)).isGreaterThan(before + 5);
      assertThat(meanRatio(base, pair, -1)).isLessThan(before - 5);
    }
  }

  private static double meanRatio(CausalModel base, GuidancePair pair, double beta) {
    List<ScoringSession.Response> responses =
        LongStream.range(0, 10)
            .mapToObj(seed -> new LocalLanguageModel(base, PAPER, 20, seed))
            .map(large -> EmulatedFineTuning.of(large, pair, beta))
            .map(large -> WeakToStrongLanguageModel.builder().largeModel(large).settings(PLAIN))
            .map(builder -> builder.build().search(PROMPT).best().candidate())
            .map(drawn -> new ScoringSession.Response(drawn.text(), drawn.ended()))
            .toList();
    try (PairSession session = pair.openSession(Prompt.of(PROMPT))) {
      return session.score(responses).stream()
          .mapToDouble(PairScore::logRatio)
          .average()
          .orElseThrow();
    }
  }

  @Test
  void itsStreamIsItsTextInPieces() {
    try (CausalModel base = CausalModel.load(MODELS + "base");
        GuidancePair pair = pair()) {
      String whole = text(drawn(base, pair, 2));
      WeakToStrongStreamingLanguageModel streaming =
          WeakToStrongStreamingLanguageModel.builder()
              .largeModel(EmulatedFineTuning.of(seeded(base), pair, 2))
              .settings(SearchSettings.chunkBeam(1, 1, 1).withMaxTokens(20))
              .build();
      List<String> pieces = new ArrayList<>();
      assertThat(stream(streaming, pieces).content()).isEqualTo(whole);
      assertThat(pieces).hasSizeGreaterThan(10);
      assertThat(String.join("", pieces)).isEqualTo(whole);
    }
  }

  private static Response<String> stream(
      WeakToStrongStreamingLanguageModel model, List<String> pieces) {
    CompletableFuture<Response<String>> answer = new CompletableFuture<>();
    model.generate(
        PROMPT,
        new StreamingResponseHandler<>() {
          @Override
          public void onNext(String piece) {
            pieces.add(piece);
          }

          @Override
          public void onComplete(Response<String> response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    return answer.join();
  }

  @Test
  void itIsSearchedAsAnyLargeModelIs() {
    OpenNatives before = OpenNatives.on(Placement.AUTO);
    try (CausalModel base = CausalModel.load(MODELS + "base");
        GuidancePair pair = pair()) {
      for (SearchSettings settings :
          List.of(SearchSettings.bestOf(4), SearchSettings.chunkBeam(2, 2, 5))) {
        SearchResult result =
            steered(base, pair, 1)
                .settings(settings.withMaxTokens(20))
                .pair(pair)
                .build()
                .search(PROMPT);
        assertThat(result.best().isScored()).isTrue();
        assertThat(result.usage().sampledTokens()).isGreaterThan(20);
      }
      assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before.caches());
    }
  }

  @Test
  void anAdapterIsATunedModel() {
    try (CausalModel base = Golden.model("llama-gqa");
        CausalModel whole = Golden.model("llama-gqa");
        GuidancePair pair = GuidancePair.adapted(whole, Golden.adapter("llama-qv").toString())) {
      assertThat(pair.tuned().sharesWeights(pair.untuned())).isTrue();
      assertThat(text(drawn(base, pair, 4))).isNotEqualTo(text(drawn(base, pair, 0)));
      // The base may be the untuned model itself.
      assertThat(text(drawn(whole, pair, 4))).isEqualTo(text(drawn(base, pair, 4)));
    }
  }

  @Test
  void onePromptAgainstAnotherIsAPair() {
    String wanted = "One of the best movies I have ever seen. I loved it. 10/10. ";
    String opposite = "One of the worst movies I have ever seen. I hated it. 1/10. ";
    try (CausalModel base = CausalModel.load(MODELS + "base");
        CausalModel small = CausalModel.load(MODELS + "untuned");
        GuidancePair kind = GuidancePair.prompted(small, wanted, opposite);
        GuidancePair unkind = GuidancePair.prompted(small, opposite, wanted)) {
      assertThat(text(drawn(base, kind, 2))).isEqualTo(text(drawn(base, unkind, -2)));
      assertThat(text(drawn(base, kind, 2))).isNotEqualTo(text(drawn(base, kind, 0)));
    }
  }

  @Test
  void eachModelSeesThePromptInItsOwnWay() {
    List<String> seen = new ArrayList<>();
    try (CausalModel base = CausalModel.load(MODELS + "base");
        GuidancePair pair =
            GuidancePair.builder()
                .tuned(MODELS + "tuned", recording("tuned", seen))
                .untuned(MODELS + "untuned", recording("untuned", seen))
                .load()) {
      Prompt talk = new Prompt.Conversation(List.of(new Turn("user", "Well?")));
      WeakToStrongLanguageModel.builder()
          .largeModel(EmulatedFineTuning.of(seeded(base), pair, 1, recording("base", seen)))
          .settings(SearchSettings.plainSampling().withMaxTokens(3))
          .build()
          .search(talk, SearchListener.none(), new Cancellation());
      assertThat(seen).containsExactlyInAnyOrder("base", "tuned", "untuned");
    }
  }

  private static PromptFormat recording(String name, List<String> seen) {
    return prompt -> {
      seen.add(name);
      return Rendered.raw(name + " reads");
    };
  }

  @Test
  void whatOneModelCannotReadIsRefusedAndNothingIsLeftOpen() {
    OpenNatives before = OpenNatives.onCpu();
    try (CausalModel base = CausalModel.load(MODELS + "base", Golden.CPU_FLOAT32);
        GuidancePair pair =
            GuidancePair.builder()
                .tuned(MODELS + "tuned")
                .untuned(MODELS + "untuned", prompt -> Rendered.raw("very ".repeat(600)))
                .placement(Golden.CPU_FLOAT32)
                .load()) {
      assertThatThrownBy(() -> drawn(base, pair, 1))
          .isInstanceOf(PositionLimitException.class)
          .hasMessageContaining("untuned");
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
    }
  }

  @Test
  void otherTokensAreRefused() {
    String base = MODELS + "base";
    String small = Golden.reference("llama-gqa");
    try (CausalModel large = CausalModel.load(base);
        GuidancePair pair = GuidancePair.load(small, small)) {
      assertThatThrownBy(() -> EmulatedFineTuning.of(seeded(large), pair, 1))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContainingAll(base, small, "cannot be steered", "vocabularies differ", "'");
    }
    OpenNatives before = OpenNatives.onCpu();
    assertThatThrownBy(() -> EmulatedFineTuning.requireOneVocabulary(base, small, small))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(base, small, "vocabularies differ");
    assertThat(OpenNatives.onCpu().modelsSoFar()).isEqualTo(before.modelsSoFar());
    EmulatedFineTuning.requireOneVocabulary(base, MODELS + "tuned", MODELS + "untuned");
  }

  /** Of several the one of the lowest id is named. */
  @Test
  void theFirstTokenThatDiffersIsNamed() {
    ModelDirectory other = ModelDirectory.copyOf("llama-gqa", directory.resolve("other"));
    other.edit("tokenizer.json", json -> swap(json, 20, 21, 40, 41));
    String small = Golden.reference("llama-gqa");
    assertThatThrownBy(
            () -> EmulatedFineTuning.requireOneVocabulary(other.path().toString(), small, small))
        .hasMessageMatching(".* '.+' is 20 and 21\\)");
  }

  private static void swap(ObjectNode tokenizer, int... ids) {
    ObjectNode vocabulary = (ObjectNode) tokenizer.get("model").get("vocab");
    for (int i = 0; i < ids.length; i += 2) {
      String one = token(vocabulary, ids[i]);
      String other = token(vocabulary, ids[i + 1]);
      vocabulary.put(one, ids[i + 1]).put(other, ids[i]);
    }
  }

  private static String token(ObjectNode vocabulary, int id) {
    return vocabulary.properties().stream()
        .filter(token -> token.getValue().intValue() == id)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** The base would draw it, and never end if it is its end; what the pair alone has is no harm. */
  @Test
  void anAddedTokenThatThePairLacksIsRefused() {
    String added = Golden.reference("llama-added");
    String plain = Golden.reference("llama-gqa");
    String lacks =
        added
            + " cannot be steered at every token by "
            + plain
            + ": the second lacks the token '<|im_start|>'";
    assertThatThrownBy(() -> EmulatedFineTuning.requireOneVocabulary(added, added, plain))
        .hasMessage(lacks);
    assertThatThrownBy(() -> EmulatedFineTuning.requireOneVocabulary(added, plain, added))
        .hasMessage(lacks);
    EmulatedFineTuning.requireOneVocabulary(plain, added, plain);
    try (CausalModel base = CausalModel.load(plain);
        GuidancePair pair = GuidancePair.load(added, plain)) {
      assertThat(drawn(base, pair, 1).usage().sampledTokens()).isEqualTo(20);
    }
  }

  @Test
  void betaIsANumber() {
    try (CausalModel base = CausalModel.load(MODELS + "untuned");
        GuidancePair pair = pair()) {
      for (double beta : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        assertThatThrownBy(() -> EmulatedFineTuning.of(seeded(base), pair, beta))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("beta is " + beta + "; it must be a finite number");
      }
    }
  }
}
