// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.cli.experiment.models.Guides;
import dev.w2s.cli.experiment.models.LargeModels;
import dev.w2s.cli.experiment.models.ModelPool;
import dev.w2s.cli.experiment.plan.ClassifierPlan;
import dev.w2s.cli.experiment.plan.JudgePlan;
import dev.w2s.guidance.RewardModel;
import dev.w2s.guidance.RewardModel.Input;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.search.SearchSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes judges of their plans. */
public final class Judges {
  private Judges() {}

  /** Opens all, by their names. */
  public static Map<String, Judge> open(List<JudgePlan> plans, Guides guides, ModelPool pool) {
    Map<String, Judge> judges = new LinkedHashMap<>();
    plans.forEach(plan -> judges.put(plan.name(), open(plan, guides, pool)));
    return judges;
  }

  private static Judge open(JudgePlan plan, Guides guides, ModelPool pool) {
    if (plan instanceof JudgePlan.LogRatio ratio) {
      return new GuideJudge(guides.get(ratio.guide()).guide());
    }
    if (plan instanceof JudgePlan.Chat chat) {
      return new ChatJudge(chatModel(chat), chat.question());
    }
    JudgePlan.Reward reward = (JudgePlan.Reward) plan;
    return reward.perSentence()
        ? new SentenceJudge(reading(reward.model(), pool), reward.model().input())
        : new GuideJudge(Guides.reward(reward.model(), pool));
  }

  private static RewardModel reading(ClassifierPlan plan, ModelPool pool) {
    return Guides.reward(
        new ClassifierPlan(plan.model(), plan.label(), Input.RESPONSE, plan.placement()), pool);
  }

  /** The server's own answers, one for each question, as likely as can be. */
  private static ChatModel chatModel(JudgePlan.Chat plan) {
    return WeakToStrongChatModel.builder()
        .largeModel(LargeModels.server(plan.server()).api(OpenAiCompatible.Api.CHAT).build())
        .settings(SearchSettings.plainSampling())
        .guidedWhile(() -> false)
        .temperature(0.0)
        .build();
  }
}
