// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import dev.w2s.cli.experiment.plan.ClassifierPlan;
import dev.w2s.cli.experiment.plan.GuidePlan;
import dev.w2s.cli.experiment.plan.JudgePlan;
import dev.w2s.guidance.RewardModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads {@code judges}: reward models, log-ratios, chat models, told apart by their keys. */
final class JudgeSection {
  private static final Map<String, Boolean> UNITS = Map.of("response", false, "sentence", true);

  private JudgeSection() {}

  static List<JudgePlan> read(Section judges, Context context, List<GuidePlan> guides) {
    List<JudgePlan> plans = new ArrayList<>();
    for (String name : judges.keys()) {
      Section section = judges.section(name);
      if (!name.matches("[A-Za-z][A-Za-z0-9-]*")) {
        judges.fault(name, "the name must be of letters, digits and hyphens");
      }
      plans.add(judge(name, section, context, guides));
      section.end();
    }
    return plans;
  }

  private static JudgePlan judge(
      String name, Section section, Context context, List<GuidePlan> guides) {
    long kinds = Stream.of("reward", "log-ratio", "url").filter(section::has).count();
    if (kinds != 1) {
      section.find("log-ratio");
      section.find("url");
      section.fault("reward", "must be there, or log-ratio, or url, one of the three alone");
    }
    if (section.has("log-ratio")) {
      return new JudgePlan.LogRatio(name, pair(section, guides));
    }
    if (section.has("url")) {
      String question =
          Objects.requireNonNullElse(section.textOrNull("question"), JudgePlan.Chat.QUESTION);
      return new JudgePlan.Chat(name, context.server(section), question);
    }
    return reward(name, section, context);
  }

  private static String pair(Section section, List<GuidePlan> guides) {
    List<String> pairs =
        guides.stream()
            .filter(guide -> guide instanceof GuidePlan.Pair)
            .map(GuidePlan::name)
            .toList();
    String pair = section.required("log-ratio", "the name of a pair among the guides");
    if (!pair.isEmpty() && !pairs.contains(pair)) {
      section.fault("log-ratio", "must be a pair among the guides: " + String.join(", ", pairs));
    }
    return pair;
  }

  private static JudgePlan reward(String name, Section section, Context context) {
    ClassifierPlan model = context.classifier(section, "reward");
    boolean perSentence = section.choice("per", UNITS, false);
    if (perSentence && model.input() == RewardModel.Input.TEMPLATE) {
      section.fault("per", "must be response where input is template");
    }
    return new JudgePlan.Reward(name, model, perSentence);
  }
}
