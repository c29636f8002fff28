// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import dev.w2s.cli.experiment.plan.BasePlan;
import dev.w2s.cli.experiment.plan.FluencyPlan;
import dev.w2s.cli.experiment.plan.Reference;
import dev.w2s.cli.experiment.plan.ServerPlan;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.sampling.OpenAiCompatible.Api;
import dev.w2s.sampling.continuation.Continuation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads {@code base} and {@code fluency}. */
final class BaseSection {
  private BaseSection() {}

  static BasePlan read(Section section, Context context) {
    BasePlan plan =
        section.has("url")
            ? served(section, context)
            : new BasePlan.Local(context.model(section, "model"));
    section.end();
    return plan;
  }

  private static BasePlan.Served served(Section section, Context context) {
    ServerPlan server = context.server(section);
    Map<String, Api> apis = named(Api.values());
    Api api = section.choice("api", apis, context.conversation() ? Api.CHAT : Api.COMPLETIONS);
    if (context.conversation() && api == Api.COMPLETIONS && section.has("api")) {
      section.fault("api", "must be chat, since prompts are conversations");
    }
    Continuation continuation =
        section.has("continuation")
            ? section.choice("continuation", named(Continuation.values()), Continuation.AUTO)
            : null;
    Reference tokenizer = context.tokenizerOrNull(section, "tokenizer");
    PromptOptions view = context.view(section, "");
    if (api == Api.COMPLETIONS) {
      refuse(section, "continuation", "is for api: chat");
      refuse(section, "tokenizer", "is for api: chat");
    }
    if (tokenizer == null) {
      refuse(section, "chat-template", "needs tokenizer: else the server shows conversations");
      refuse(section, "suffix", "needs tokenizer: else the server shows conversations");
      refuse(section, "system", "needs tokenizer; prompts.system is for all models");
    }
    return new BasePlan.Served(server, api, continuation, tokenizer, view);
  }

  private static void refuse(Section section, String key, String why) {
    if (section.has(key)) {
      section.fault(key, why);
    }
  }

  private static <E extends Enum<E>> Map<String, E> named(E[] values) {
    Map<String, E> names = new LinkedHashMap<>();
    Arrays.stream(values)
        .forEach(v -> names.put(v.name().toLowerCase(Locale.ROOT).replace('_', '-'), v));
    return names;
  }

  static FluencyPlan fluency(Section top, Context context, BasePlan base) {
    String key = "fluency";
    boolean local = base instanceof BasePlan.Local;
    if (top.find(key) instanceof MappingNode) {
      Section section = top.section(key);
      FluencyPlan plan = new FluencyPlan.Other(context.model(section, "model"));
      section.end();
      return plan;
    }
    FluencyPlan byDefault = local ? new FluencyPlan.Base() : new FluencyPlan.None();
    FluencyPlan plan =
        top.choice(
            key, Map.of("base", new FluencyPlan.Base(), "none", new FluencyPlan.None()), byDefault);
    if (plan instanceof FluencyPlan.Base && !local) {
      top.fault(key, "must be none or a mapping with a model: the base is behind a server");
    }
    return plan;
  }
}
