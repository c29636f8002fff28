// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tuned model, in several files, with two added tokens that the one it came from lacks. */
class AddedTokensPairTest {
  private static final String TUNED = Golden.reference("llama-added");
  private static final String UNTUNED = Golden.reference("llama-gqa");

  private static final int LAST_MERGE = 42;

  @TempDir private Path directory;

  private static PairCheck check(String tuned, String untuned) {
    try (ModelFiles one = ModelFiles.read(tuned);
        ModelFiles other = ModelFiles.read(untuned)) {
      return PairCheck.of(one, other);
    }
  }

  private ModelDirectory untuned() {
    return ModelDirectory.copyOf("llama-gqa", directory.resolve("untuned"));
  }

  private static ObjectNode vocabulary(ObjectNode tokenizer) {
    return (ObjectNode) tokenizer.get("model").get("vocab");
  }

  /** Also of texts that hold one of the tokens, each by its own tokenizer, as in transformers. */
  @Test
  void theScoreIsThatOfEachModelByItsOwnTokens() {
    try (CausalModel tuned = CausalModel.load(TUNED, Golden.CPU_FLOAT32);
        GuidancePair pair =
            GuidancePair.load(TUNED, UNTUNED, Golden.CPU_FLOAT32, PromptFormat.raw())) {
      for (JsonNode row : Golden.rows("checkpoints.json", "pairs")) {
        String prompt = row.get("prompt").asText();
        String text = row.get("response").asText();
        List<Response> response = List.of(new Response(text, row.get("ended").asBoolean()));
        double expected = row.get("tuned").get("logprob").asDouble();
        double untuned = row.get("untuned").get("logprob").asDouble();
        try (ScoringSession session = tuned.openScoring(Rendered.raw(prompt));
            PairSession both = pair.openSession(Prompt.of(prompt))) {
          Score score = session.score(response).get(0);
          assertThat(score.logProbability()).as(text).isCloseTo(expected, within(1e-3));
          assertThat(score.tokens()).as(text).isEqualTo(row.get("tuned").get("counted").asInt());
          PairScore ratio = both.score(response).get(0);
          assertThat(ratio.tuned()).as(text).isCloseTo(expected, within(1e-3));
          assertThat(ratio.untuned()).as(text).isCloseTo(untuned, within(1e-3));
        }
      }
    }
  }

  @Test
  void theAddedTokensAreWarnedOf() {
    PairCheck check = check(TUNED, UNTUNED);
    assertThat(check.valid()).isTrue();
    assertThat(check.warnings())
        .containsExactly(
            "the first alone has the added tokens '<|im_start|>', '<|im_end|>'; a text with one of"
                + " them is other tokens to each");
    assertThat(check(UNTUNED, TUNED).warnings())
        .singleElement()
        .asString()
        .startsWith("the second alone has the added tokens '<|im_start|>'");
  }

  /** A token that the large model alone has would be asked of the small one. */
  @Test
  void aSmallModelThatLacksATokenCannotSteerTheLargeOne() {
    try (ModelFiles more = ModelFiles.read(TUNED);
        ModelFiles fewer = ModelFiles.read(UNTUNED)) {
      assertThatCode(() -> PairCheck.requireTokensOf(fewer, more)).doesNotThrowAnyException();
      assertThatThrownBy(() -> PairCheck.requireTokensOf(more, fewer))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageStartingWith(TUNED)
          .hasMessageContaining(UNTUNED)
          .hasMessageEndingWith("the second lacks the token '<|im_start|>'");
    }
  }

  @Test
  void aSmallModelOfOtherTokensCannotSteerTheLargeOne() {
    ModelDirectory other = untuned();
    other.edit("tokenizer.json", json -> vocabulary(json).put("Zoo", 303));
    try (ModelFiles large = ModelFiles.read(UNTUNED);
        ModelFiles small = ModelFiles.read(other.path().toString())) {
      assertThatThrownBy(() -> PairCheck.requireTokensOf(large, small))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("only one has 'Zoo'");
    }
  }

  /** Both models of a pair run at each token. */
  @ParameterizedTest
  @CsvSource({"llama-added, llama-gqa", "llama-gqa, llama-added"})
  void aPairHasToHaveTheTokensOfWhatItSteersInBothModels(String tuned, String untuned) {
    try (CausalModel more = Golden.model("llama-added");
        CausalModel fewer = Golden.model("llama-gqa");
        GuidancePair pair = GuidancePair.load(Golden.reference(tuned), Golden.reference(untuned))) {
      assertThatCode(() -> pair.requireTokensOf(fewer)).doesNotThrowAnyException();
      assertThatThrownBy(() -> pair.requireTokensOf(more))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining(UNTUNED);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"5, '<304>'; a text", "7, '<304>' and 2 more; a text"})
  void ofManyAddedTokensSomeAreNamed(int number, String named) {
    ModelDirectory many = untuned();
    many.config("vocab_size", "320");
    many.edit(
        "tokenizer.json",
        json -> {
          for (int id = 300; id < 300 + number; id++) {
            ((ArrayNode) json.get("added_tokens"))
                .addObject()
                .put("id", id)
                .put("content", "<" + id + ">")
                .put("special", true);
          }
        });
    many.weights(
        w ->
            w.with("model.embed_tokens.weight", Tensor.zeros(320L, 36L))
                .with("lm_head.weight", Tensor.zeros(320L, 36L)));
    assertThat(check(many.path().toString(), UNTUNED).warnings())
        .anyMatch(warning -> warning.contains(named));
  }

  @Test
  void aTokenOfTheModelItselfIsNoAddedToken() {
    ModelDirectory other = untuned();
    other.edit("tokenizer.json", json -> vocabulary(json).put("Zoo", 303));
    assertThat(check(other.path().toString(), UNTUNED).errors())
        .containsExactly(
            "the tokenizers' vocabularies differ (301 and 300 tokens; only one has 'Zoo', which is"
                + " no added token)");
  }

  @Test
  void aTokenHasOneIdInBoth() {
    ModelDirectory other = untuned();
    other.edit("tokenizer.json", json -> vocabulary(json).put("\u0120movie", 303));
    assertThat(check(TUNED, other.path().toString()).errors())
        .singleElement()
        .asString()
        .matches(".*\\(302 and 300 tokens; '\u0120movie' is \\d+ and 303\\)");
  }

  /** Of the last merge, which a text that probes may not need. */
  @Test
  void theRulesThatJoinTokensAreTheSame() {
    ModelDirectory other = untuned();
    other.edit(
        "tokenizer.json", json -> ((ArrayNode) json.get("model").get("merges")).remove(LAST_MERGE));
    assertThat(check(TUNED, other.path().toString()).errors())
        .containsExactly("the tokenizers split the same text differently");
  }

  /** Older versions of the library write a merge as "first second", newer ones as a list. */
  @Test
  void howTheRulesAreWrittenDoesNotMatter() {
    ModelDirectory other = untuned();
    other.edit("tokenizer.json", AddedTokensPairTest::turnMerges);
    assertThat(check(TUNED, other.path().toString()).errors()).isEmpty();
  }

  private static void turnMerges(ObjectNode tokenizer) {
    ArrayNode merges = (ArrayNode) tokenizer.get("model").get("merges");
    for (int i = 0; i < merges.size(); i++) {
      JsonNode pair = merges.get(i);
      merges.set(i, merges.textNode(pair.get(0).asText() + " " + pair.get(1).asText()));
    }
  }

  /** A tuned model that ends with a token of its own never ends where the other one does. */
  @Test
  void anEndThatOnlyOneHasIsRefusedUntilBothShareOne() {
    ModelDirectory tuned = ModelDirectory.copyOf("llama-added", directory.resolve("tuned"));
    tuned.write("generation_config.json", "{\"eos_token_id\": 301}");
    assertThat(check(tuned.path().toString(), UNTUNED).errors())
        .containsExactly("their EOS tokens differ ([301] and [0])");
    tuned.write("generation_config.json", "{\"eos_token_id\": [301, 0]}");
    PairCheck both = check(tuned.path().toString(), UNTUNED);
    assertThat(both.valid()).isTrue();
    assertThat(both.warnings()).contains("their EOS tokens differ ([0, 301] and [0])");
  }
}
