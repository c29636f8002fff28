// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.cli.experiment.method.Answer;
import dev.w2s.guidance.RewardModel;
import dev.w2s.guidance.RewardModel.Input;
import dev.w2s.model.Placement;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.prompt.Prompt;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SentenceJudgeTest {

  @Test
  void aTextIsReadSentenceBySentence() {
    assertThat(SentenceJudge.sentences(" was good. I liked it!  Would I go again? Yes... of cour"))
        .containsExactly("was good.", "I liked it!", "Would I go again?", "Yes... of cour");
    assertThat(SentenceJudge.sentences(" ... !")).isEmpty();
  }

  /** By the classifier itself, sentence for sentence. */
  @Test
  void theRewardIsTheMeanOverSentences() {
    try (SequenceClassifier gold =
        SequenceClassifier.load("embedded:movie-reviews/gold", Placement.AUTO)) {
      RewardModel alone = RewardModel.of(gold, "POSITIVE", Input.RESPONSE);
      Prompt prompt = Prompt.of("This movie was");
      Answer answer = answer(" a joy. I hated it.");
      double hated = odds(gold, "I hated it.");
      assertThat(new SentenceJudge(alone, Input.RESPONSE).reward(prompt, answer))
          .isCloseTo((odds(gold, "a joy.") + hated) / 2, within(1e-4));
      assertThat(new SentenceJudge(alone, Input.PROMPT_AND_RESPONSE).reward(prompt, answer))
          .isCloseTo((odds(gold, "This movie was a joy.") + hated) / 2, within(1e-4));
      assertThat(new SentenceJudge(alone, Input.RESPONSE).reward(prompt, answer(""))).isZero();
    }
  }

  private static double odds(SequenceClassifier gold, String text) {
    Map<String, Double> nats = gold.logProbabilities(text);
    return nats.get("POSITIVE") - nats.get("NEGATIVE");
  }

  private static Answer answer(String text) {
    return new Answer(text, 1, false, "token_limit", null, 1, 0, 1);
  }
}
