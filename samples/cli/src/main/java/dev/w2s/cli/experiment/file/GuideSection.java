// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import dev.w2s.cli.experiment.plan.GuidePlan;
import dev.w2s.cli.experiment.plan.Reference;
import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.server.ModelAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads {@code guides}: each is a pair or a reward model, told apart by its keys. */
final class GuideSection {
  private static final Reference NONE = new Reference("", "");

  private final String name;
  private final Section section;
  private final Context context;

  private GuideSection(String name, Section section, Context context) {
    this.name = name;
    this.section = section;
    this.context = context;
  }

  static List<GuidePlan> read(Section guides, Context context) {
    List<GuidePlan> plans = new ArrayList<>();
    for (String name : guides.keys()) {
      Section section = guides.section(name);
      plans.add(new GuideSection(name, section, context).guide());
      section.end();
    }
    return plans;
  }

  private GuidePlan guide() {
    Double weight = section.numberOrNull("weight", w -> w != 0, "must be a number other than 0");
    double factor = Objects.requireNonNullElse(weight, 1.0);
    return section.has("reward")
        ? new GuidePlan.Reward(name, factor, context.classifier(section, "reward"))
        : pair(factor);
  }

  private GuidePlan pair(double weight) {
    Reference tuned = context.sideOrNull(section, "tuned");
    Reference untuned = context.sideOrNull(section, "untuned");
    PromptOptions tunedView = context.view(section, "tuned-");
    PromptOptions untunedView = context.view(section, "untuned-");
    Reference tokenizer = context.tokenizerOrNull(section, "tokenizer");
    Placement placement = context.placement(section);
    String apiKeyEnv = context.apiKeyEnv(section);
    if (!section.has("tuned")) {
      section.fault("tuned", "must be there, or reward: the model that a guide is made of");
    } else if (!section.has("untuned") && tunedView.equals(untunedView)) {
      section.fault(
          "untuned",
          "must be there, unless tuned-system and untuned-system, or the templates, differ");
    }
    checkServer(tuned, untuned, tokenizer);
    Reference first = Objects.requireNonNullElse(tuned, NONE);
    return new GuidePlan.Pair(
        name,
        weight,
        first,
        Objects.requireNonNullElse(untuned, first),
        tunedView,
        untunedView,
        placement,
        tokenizer,
        apiKeyEnv);
  }

  private void checkServer(
      @Nullable Reference tuned, @Nullable Reference untuned, @Nullable Reference tokenizer) {
    boolean first = isServed("tuned", tuned);
    boolean second = isServed("untuned", untuned);
    boolean remote = first || second;
    if (remote && tokenizer == null) {
      section.fault("tokenizer", "must be there with a model behind a server");
    }
    for (String key : remote ? List.<String>of() : List.of("tokenizer", "api-key-env")) {
      if (section.has(key)) {
        section.fault(key, "has a meaning with a model behind a server only");
      }
    }
  }

  private boolean isServed(String key, @Nullable Reference model) {
    if (model == null || !ModelAddress.isOne(model.written())) {
      return false;
    }
    if (!model.written().matches("[^#]+#.+")) {
      section.fault(key, "must be URL#MODEL for a model behind a server");
    }
    return true;
  }
}
