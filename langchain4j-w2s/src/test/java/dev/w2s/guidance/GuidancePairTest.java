// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.model.WeightType;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuidancePairTest {
  private static final Offset<Double> ROUNDING = within(1e-4);

  private static final String TUNED = "embedded:movie-reviews/tuned";
  private static final String UNTUNED = "embedded:movie-reviews/untuned";
  private static final String NORM = "model.norm.weight";
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Test
  void scoresArePairsOfLogProbabilitiesAsTransformersGivesThem() throws IOException {
    JsonNode pairs =
        new ObjectMapper().readTree(GOLDEN.resolve("scores.json").toFile()).get("pairs");
    int compared = 0;
    try (GuidancePair pair = GuidancePair.load(TUNED, UNTUNED)) {
      for (JsonNode golden : pairs) {
        String prompt = golden.get("prompt").asText();
        if (golden.has("messages") || prompt.isEmpty()) {
          continue; // rendered chats carry their BOS token; raw prompts are never empty
        }
        try (PairSession session = pair.openSession(Prompt.of(prompt))) {
          Response response =
              new Response(golden.get("response").asText(), golden.get("ended").asBoolean());
          PairScore score = session.score(List.of(response)).get(0);
          assertThat(score.tuned())
              .as("%s", golden)
              .isCloseTo(golden.get("tuned_logprob").asDouble(), within(1e-3));
          assertThat(score.untuned())
              .isCloseTo(golden.get("untuned_logprob").asDouble(), within(1e-3));
          assertThat(score.logRatio()).isCloseTo(golden.get("score").asDouble(), within(2e-3));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(15);
  }

  @Test
  void anIdenticalPairScoresZeroAndIsWarnedOf() {
    try (GuidancePair pair = GuidancePair.load(UNTUNED, UNTUNED);
        PairSession session = pair.openSession(Prompt.of("This movie was"))) {
      assertThat(pair.check().valid()).isTrue();
      assertThat(pair.check().warnings()).singleElement().asString().contains("zero");
      List<PairScore> scores =
          session.score(List.of(new Response(" great.", true), new Response(" bad and", false)));
      assertThat(scores).extracting(PairScore::logRatio).containsExactly(0.0, 0.0);
    }
  }

  /** Two models, one under two prompts, and a model under its adapter. */
  @ParameterizedTest
  @CsvSource({
    TUNED + "," + UNTUNED,
    UNTUNED + "," + UNTUNED,
    "src/test/resources/golden/adapters/llama-qv,src/test/resources/golden/models/llama-gqa"
  })
  void theUntunedModelMayHaveAPlaceOfItsOwn(String tuned, String untuned) {
    List<Response> responses = List.of(new Response(" great", false));
    try (GuidancePair together = builder(tuned, untuned).load();
        GuidancePair apart =
            builder(tuned, untuned)
                .untunedPlacement(new Placement("cpu", WeightType.BFLOAT16))
                .load();
        PairSession shared = together.openSession(Prompt.of("This movie was"));
        PairSession own = apart.openSession(Prompt.of("This movie was"))) {
      assertThat(apart.tuned().summary().type()).isEqualTo(WeightType.FLOAT32);
      assertThat(apart.untuned().summary().type()).isEqualTo(WeightType.BFLOAT16);
      assertThat(apart.tuned().sharesWeights(apart.untuned())).isFalse();
      PairScore score = own.score(responses).get(0);
      assertThat(score.tuned()).isCloseTo(shared.score(responses).get(0).tuned(), ROUNDING);
      assertThat(score.untuned())
          .isNotEqualTo(shared.score(responses).get(0).untuned())
          .isCloseTo(shared.score(responses).get(0).untuned(), within(1.0));
    }
  }

  private static GuidancePair.Builder builder(String tuned, String untuned) {
    return GuidancePair.builder()
        .tuned(tuned)
        .untuned(untuned)
        .placement(new Placement("cpu", WeightType.FLOAT32));
  }

  @Test
  void theRealPairHasNoWarnings() {
    try (GuidancePair pair = GuidancePair.load(TUNED, UNTUNED)) {
      assertThat(pair.check()).isEqualTo(new PairCheck(List.of(), List.of()));
    }
  }

  @Test
  void modelsOfDifferentVocabulariesAreNoPair() {
    String other = GOLDEN.resolve("models/gpt2-odd").toString();
    assertThatThrownBy(() -> GuidancePair.load(TUNED, other))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(TUNED)
        .hasMessageContaining(other)
        .hasMessageContaining("8192 and 300 tokens");
  }

  private static ModelDirectory ending(Path directory, String name, String eosTokens) {
    return ModelDirectory.copyOf("llama-gqa", directory.resolve(name))
        .edit(
            "generation_config.json", json -> ModelDirectory.set(json, "eos_token_id", eosTokens));
  }

  private static PairCheck check(ModelDirectory tuned, ModelDirectory untuned) {
    try (ModelFiles first = ModelFiles.read(tuned.path().toString());
        ModelFiles second = ModelFiles.read(untuned.path().toString())) {
      return PairCheck.of(first, second);
    }
  }

  @Test
  void endingTokensMustMeet(@TempDir Path directory) {
    ModelDirectory one = ending(directory, "one", "1");
    ModelDirectory two = ending(directory, "two", "2");
    ModelDirectory both = ending(directory, "both", "[2, 1]");
    ModelDirectory turned = ending(directory, "turned", "[1, 2]");
    assertThat(check(one, two).errors()).containsExactly("their EOS tokens differ ([1] and [2])");
    assertThat(check(both, one).valid()).isTrue();
    assertThat(check(both, one).warnings()).contains("their EOS tokens differ ([1, 2] and [1])");
    assertThat(check(both, turned).warnings()).noneMatch(warning -> warning.contains("EOS"));
    assertThat(check(both, turned).warnings()).as("weights").anyMatch(w -> w.contains("zero"));
    assertThat(check(both, one).warnings()).as("other ends").noneMatch(w -> w.contains("zero"));
  }

  @Test
  void whatTheTwoSeldomDifferInIsWarnedOf(@TempDir Path directory) {
    ModelDirectory one = ModelDirectory.copyOf("llama-gqa", directory.resolve("one"));
    ModelDirectory two =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("two"))
            .config("max_position_embeddings", "64")
            .edit("tokenizer_config.json", json -> json.put("chat_template", "{{ messages }}"));
    assertThat(check(one, two).warnings())
        .contains(
            "their chat templates differ",
            "their positions differ (72 and 64); the smaller number holds");
    assertThat(check(one, one).warnings())
        .singleElement()
        .asString()
        .contains("weights are the same");
  }

  /** Its tokenizer knows five tokens, and no word that a check could make up. */
  @Test
  void modelsOfFewTokensArePairedByWhatTheyKnow(@TempDir Path directory) {
    ModelDirectory letters =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("letters"))
            .delete("tokenizer_config.json")
            .write(
                "tokenizer.json",
                """
                {"version": "1.0", "added_tokens": [], "model": {"type": "BPE", "merges": [],
                 "vocab": {"<eos>": 0, "a": 1, "c": 2, "g": 3, "t": 4}}}""");
    ModelDirectory other = ModelDirectory.copyOf("llama-gqa", directory.resolve("other"));
    other
        .write("tokenizer.json", letters.read("tokenizer.json"))
        .weights(w -> w.change(NORM, t -> t.with(3, 0.5f)));
    other.delete("tokenizer_config.json");
    try (GuidancePair pair = GuidancePair.load(letters.path().toString(), other.path().toString());
        PairSession session = pair.openSession(Prompt.of("acgt"))) {
      assertThat(pair.check()).isEqualTo(new PairCheck(List.of(), List.of()));
      assertThat(session.score(List.of(new Response("gtac", true))).get(0).tokens()).isEqualTo(5);
    }
  }

  /** One weight of both is no number, so that reading the weights would fail. */
  @Test
  void whatIsNoPairIsRefusedBeforeAnyWeightIsRead(@TempDir Path directory) {
    ModelDirectory one = broken("llama-gqa", directory.resolve("one"));
    ModelDirectory stranger = broken("llama-old-style", directory.resolve("stranger"));
    assertRefused(one, stranger, "are not a pair: the tokenizers' vocabularies differ");
    ModelDirectory classifier =
        ModelDirectory.copyOf("gpt2-classifier", directory.resolve("classifier"));
    assertRefused(one, classifier, classifier.path() + " is a sequence classifier");
    assertRefused(classifier, one, classifier.path() + " is a sequence classifier");
    assertRefused(one, one, "not finite");
  }

  @Test
  void nothingIsLoadedForWhatIsNoPairAndNothingStaysOpenWhenAModelFails(@TempDir Path directory) {
    ModelDirectory good = ModelDirectory.copyOf("llama-gqa", directory.resolve("good"));
    ModelDirectory bad = broken("llama-gqa", directory.resolve("bad"));
    ModelDirectory stranger =
        ModelDirectory.copyOf("llama-old-style", directory.resolve("stranger"));
    ModelDirectory cut = ModelDirectory.copyOf("llama-gqa", directory.resolve("cut"));
    cut.write("model.safetensors", Arrays.copyOf(cut.read("model.safetensors"), 40_000));
    assertLoads(0, good, stranger, "are not a pair");
    assertLoads(0, good, cut, "bytes");
    assertLoads(0, cut, good, "bytes");
    assertLoads(1, bad, good, "not finite");
    assertLoads(2, good, bad, "not finite");
  }

  /** A load that fails after it allocated the weights of so many models. */
  private static void assertLoads(
      int models, ModelDirectory tuned, ModelDirectory untuned, String message) {
    OpenNatives before = OpenNatives.onCpu();
    assertThatThrownBy(
            () ->
                GuidancePair.load(
                    tuned.path().toString(),
                    untuned.path().toString(),
                    Golden.CPU_FLOAT32,
                    PromptFormat.raw()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(message);
    OpenNatives after = OpenNatives.onCpu();
    assertThat(after.modelsSoFar() - before.modelsSoFar()).as(message).isEqualTo(models);
    assertThat(after.models()).isEqualTo(before.models());
    assertThat(tuned.openFiles()).isEmpty();
    assertThat(untuned.openFiles()).isEmpty();
  }

  private static ModelDirectory broken(String model, Path target) {
    return ModelDirectory.copyOf(model, target)
        .weights(w -> w.change(NORM, t -> t.with(3, Float.NaN)));
  }

  private static void assertRefused(ModelDirectory tuned, ModelDirectory untuned, String message) {
    assertThatThrownBy(() -> GuidancePair.load(tuned.path().toString(), untuned.path().toString()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void oneModelInTwoFormatsIsAPair() {
    PromptFormat wanted = PromptFormat.template("I loved it. 10/10. {{prompt}}");
    PromptFormat opposite = PromptFormat.template("I hated it. 1/10. {{prompt}}");
    List<Response> responses =
        List.of(new Response(" great fun", false), new Response(" a waste.", true));
    try (GuidancePair pair = twoFormats(wanted, opposite);
        CausalModel model = Golden.model("untuned");
        ScoringSession up = model.openScoring(Rendered.raw("I loved it. 10/10. This movie was"));
        ScoringSession down = model.openScoring(Rendered.raw("I hated it. 1/10. This movie was"));
        PairSession session = pair.openSession(Prompt.of("This movie was"))) {
      assertThat(pair.check().warnings()).isEmpty();
      List<Score> expectedUp = up.score(responses);
      List<Score> expectedDown = down.score(responses);
      List<PairScore> scores = session.score(responses);
      for (int i = 0; i < scores.size(); i++) {
        assertThat(scores.get(i).tuned()).isCloseTo(expectedUp.get(i).logProbability(), ROUNDING);
        assertThat(scores.get(i).untuned())
            .isCloseTo(expectedDown.get(i).logProbability(), ROUNDING);
      }
      assertThat(scores.get(0).logRatio()).isGreaterThan(scores.get(1).logRatio());
    }
  }

  /** The words stand where transformers' formatting of the same text would put them. */
  @Test
  void aPromptedPairIsTheModelUnderTwoSentences() {
    String wanted = "I loved it. 10/10. ";
    String opposite = "I hated it. 1/10. ";
    List<Response> responses =
        List.of(new Response(" great fun", false), new Response(" a waste.", true));
    OpenNatives before = OpenNatives.onCpu();
    try (CausalModel model = Golden.model("untuned");
        GuidancePair borrowed = GuidancePair.prompted(model, wanted, opposite);
        GuidancePair second = GuidancePair.prompted(model, opposite, wanted);
        PairSession session = borrowed.openSession(Prompt.of("This movie was"));
        PairSession turned = second.openSession(Prompt.of("This movie was"));
        ScoringSession up = model.openScoring(Rendered.raw(wanted + "This movie was"));
        ScoringSession down = model.openScoring(Rendered.raw(opposite + "This movie was"))) {
      assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + 1);
      List<PairScore> scores = session.score(responses);
      for (int i = 0; i < scores.size(); i++) {
        PairScore score = scores.get(i);
        assertThat(score.tuned()).isCloseTo(up.score(responses).get(i).logProbability(), ROUNDING);
        assertThat(score.untuned())
            .isCloseTo(down.score(responses).get(i).logProbability(), ROUNDING);
        assertThat(turned.score(responses).get(i).logRatio())
            .isCloseTo(-score.logRatio(), ROUNDING);
      }
    }
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    try (CausalModel model = Golden.model("untuned")) {
      GuidancePair.prompted(model, wanted, opposite).close();
      assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + 1);
    }
    try (GuidancePair loaded = GuidancePair.prompted(UNTUNED, wanted, opposite)) {
      assertThat(loaded.tuned()).isSameAs(loaded.untuned());
    }
  }

  @Test
  void bothStreamsOfOneModelRunInOneBatch() {
    try (GuidancePair pair = GuidancePair.prompted(UNTUNED, "I loved it. ", "I hated it. ");
        PairSession session = pair.openSession(Prompt.of("This movie was"))) {
      OpenNatives before = OpenNatives.on(Placement.AUTO);
      session.score(List.of(new Response(" great", false)));
      assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before.caches() + 1);
    }
  }

  @Test
  void itsTokenizerIsThatOfTheUntunedModel() {
    try (GuidancePair pair = GuidancePair.load(TUNED, UNTUNED)) {
      assertThat(pair.tokenizer()).isSameAs(pair.untuned().tokenizer());
    }
  }

  @ParameterizedTest
  @CsvSource({"good,good", "' ',bad", "good,''"})
  void aPromptedPairNeedsTwoSentences(String wanted, String opposite) {
    String rule =
        "wanted is '%s' and opposite is '%s'; both must say something, and not the same"
            .formatted(wanted, opposite);
    assertThatThrownBy(() -> GuidancePair.prompted(UNTUNED, wanted, opposite))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(rule);
    try (CausalModel model = Golden.model("llama-gqa")) {
      assertThatThrownBy(() -> GuidancePair.prompted(model, wanted, opposite))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(rule);
    }
  }

  /** Its end is a token that never ends the other one. */
  @Test
  void anAdapterThatEndsInAnotherWayIsNoPairWithItsBase(@TempDir Path directory)
      throws IOException {
    for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
      Files.copy(Golden.adapter("llama-qv").resolve(file), directory.resolve(file));
    }
    Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 5}");
    try (CausalModel base = Golden.model("llama-gqa")) {
      assertThatThrownBy(() -> GuidancePair.adapted(base, directory.toString()))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("their EOS tokens differ ([5] and [0])");
    }
  }

  private static GuidancePair twoFormats(PromptFormat tuned, PromptFormat untuned) {
    return GuidancePair.builder()
        .tuned(UNTUNED, tuned)
        .untuned(UNTUNED, untuned)
        .placement(Golden.CPU_FLOAT32)
        .load();
  }

  @Test
  void oneModelInTwoFormatsIsLoadedAndClosedOnce() {
    OpenNatives before = OpenNatives.onCpu();
    GuidancePair pair = twoFormats(PromptFormat.raw(), PromptFormat.template("No: {{prompt}}"));
    try (pair) {
      assertThat(pair.tuned()).isSameAs(pair.untuned());
      assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + 1);
    }
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  @Test
  void aPairNeedsBothModels() {
    assertThatThrownBy(() -> GuidancePair.builder().tuned(TUNED).load())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("untuned is null");
  }

  @Test
  void aPairSeesThePromptInItsOwnFormat() {
    PromptFormat review = PromptFormat.template("Here is a movie review: {{prompt}}");
    List<Response> responses = List.of(new Response(" fun.", true));
    try (GuidancePair formatted = GuidancePair.load(TUNED, UNTUNED, Placement.AUTO, review);
        GuidancePair raw = GuidancePair.load(TUNED, UNTUNED);
        PairSession byFormat = formatted.openSession(Prompt.of("The film is"));
        PairSession byHand = raw.openSession(Prompt.of("Here is a movie review: The film is"))) {
      assertThat(byFormat.score(responses)).isEqualTo(byHand.score(responses));
    }
  }

  /** The movie-review models' template raises at tools. */
  @Test
  void toolsAreLeftOutWhereATemplateKnowsNone() {
    Turn question = new Turn("user", "How was it?");
    Turn call = new Turn("assistant", "", Map.of("tool_calls", List.of()));
    Turn result = new Turn("tool", "5 stars");
    List<Response> responses = List.of(new Response(" A great film", false));
    try (GuidancePair pair =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      try (PairSession with =
              pair.openSession(new Prompt.Conversation(List.of(question, call, result)));
          PairSession without = pair.openSession(new Prompt.Conversation(List.of(question)))) {
        assertThat(with.score(responses)).isEqualTo(without.score(responses));
      }
      assertThatThrownBy(() -> pair.openSession(new Prompt.Conversation(List.of(result))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no such role here: tool");
    }
  }
}
