// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.Placement;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guides whose models are a source's and shared. */
class SharedModelsTest implements ModelSource {
  private static final String TUNED = "embedded:movie-reviews/tuned";
  private static final String UNTUNED = "embedded:movie-reviews/untuned";

  private final Map<Path, CausalModel> models = new LinkedHashMap<>();

  @Override
  public CausalModel languageModel(ModelFiles files, Placement placement) {
    return models.computeIfAbsent(files.directory(), at -> CausalModel.load(files, placement));
  }

  @Override
  public SequenceClassifier classifier(ModelFiles files, Placement placement) {
    throw new AssertionError("no classifier is asked for");
  }

  @AfterEach
  void close() {
    models.values().forEach(CausalModel::close);
  }

  private static PairSource source(String tuned, String wanted, String opposite) {
    PromptOptions options = PromptOptions.defaults();
    return new PairSource(
        tuned,
        UNTUNED,
        options.withSystem(wanted),
        options.withSystem(opposite),
        Placement.AUTO,
        null,
        null);
  }

  private static double score(Pair pair) {
    try (CandidateScorer scorer = pair.open(Prompt.of("This movie was"))) {
      return scorer.score(List.of(new Candidate(" great", 1, Candidate.Status.OPEN)))[0];
    }
  }

  @Test
  void pairsOfOneSourceShareModelsAndLeaveThemOpen() {
    double alone;
    try (Pair own = source(TUNED, "", "").open()) {
      alone = score(own);
    }
    Pair tuned = source(TUNED, "", "").openWith(this);
    Pair prompted = source(UNTUNED, "I loved it. ", "I hated it. ").openWith(this);
    assertThat(models).hasSize(2);
    assertThat(score(tuned)).isEqualTo(alone);
    tuned.close();
    assertThat(score(prompted)).isNotEqualTo(alone);
    assertThat(score(tuned)).isEqualTo(alone);
  }

  @Test
  void aPairThatDoesNotFitLeavesTheSourcesModelsOpen() {
    assertThatThrownBy(() -> source("embedded:movie-reviews/gold", "", "").openWith(this))
        .hasMessageContaining("classifier");
    assertThat(score(source(TUNED, "", "").openWith(this))).isFinite();
  }

  /** The first of the two is there already when the second fails. */
  @Test
  void aModelThatTheSourceHasNotLeavesTheOtherOneOpen() {
    ModelSource half =
        new ModelSource() {
          @Override
          public CausalModel languageModel(ModelFiles files, Placement placement) {
            if (files.reference().equals(UNTUNED)) {
              throw new IllegalArgumentException("no room");
            }
            return SharedModelsTest.this.languageModel(files, placement);
          }

          @Override
          public SequenceClassifier classifier(ModelFiles files, Placement placement) {
            return SharedModelsTest.this.classifier(files, placement);
          }
        };
    PairSource pair = source(TUNED, "", "");
    assertThatThrownBy(() -> pair.openWith(half)).hasMessage("no room");
    assertThat(models).hasSize(1);
    assertThat(score(pair.openWith(this))).isFinite();
  }

  @Test
  void aRewardModelOfALoadedClassifierLeavesItOpen() {
    try (SequenceClassifier judge =
        SequenceClassifier.load("embedded:movie-reviews/gold", Placement.AUTO)) {
      String label = judge.summary().labels().get(0);
      RewardModel.of(judge, label, RewardModel.Input.RESPONSE).close();
      assertThat(judge.logProbabilities("a great film")).containsKey(label);
      assertThatThrownBy(() -> RewardModel.of(judge, "no label", RewardModel.Input.RESPONSE))
          .hasMessageContaining("label is no label");
    }
  }

  @Test
  void namesAreCheckedBeforeAnythingIsLookedUp() {
    PromptOptions plain = PromptOptions.defaults();
    String remote = "http://localhost:8000/v1#small";
    assertThatThrownBy(() -> new PairSource(remote, "x", plain, plain, Placement.AUTO, null, null))
        .hasMessage(
            "tokenizer is missing; with a model of the pair behind a server it must be given");
    assertThatThrownBy(
            () -> new PairSource("a", "http://h/v1", plain, plain, Placement.AUTO, "t", null))
        .hasMessage("untuned is 'http://h/v1' is no model behind a server; one is named URL#MODEL");
    assertThatThrownBy(() -> new PairSource("a", "b", plain, plain, Placement.AUTO, "t", null))
        .hasMessage("tokenizer is 't'; without a model behind a server it has no meaning");
    assertThatThrownBy(() -> new PairSource("a", "b", plain, plain, Placement.AUTO, null, "key"))
        .hasMessage("apiKey is given; without a model behind a server it has no meaning");
    assertThat(new PairSource(remote, "x", plain, plain, Placement.AUTO, "t", "secret").toString())
        .doesNotContain("secret");
  }
}
