// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.cli.experiment.plan.ClassifierPlan;
import dev.w2s.cli.experiment.plan.ModelPlan;
import dev.w2s.cli.experiment.plan.Reference;
import dev.w2s.cli.experiment.plan.ServerPlan;
import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.Messages;
import dev.w2s.guidance.RewardModel;
import dev.w2s.model.ModelSummary;
import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.Placement;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.server.ModelAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sections have in common.
 *
 * @param folder of the file, from which paths go out
 * @param conversation whether prompts are conversations; else they are raw text
 * @param placement of models that have none of their own
 */
record Context(Path folder, boolean conversation, Placement placement) {
  private static final String HUB = "hf:";

  private static final Map<String, RewardModel.Input> INPUTS =
      Map.of(
          "prompt-and-response", RewardModel.Input.PROMPT_AND_RESPONSE,
          "response", RewardModel.Input.RESPONSE,
          "template", RewardModel.Input.TEMPLATE);

  /** A language model in this process, with all that may be said of it. */
  ModelPlan model(Section section, String key) {
    return new ModelPlan(
        reference(section, key, Kind.LANGUAGE_MODEL), placement(section), view(section, ""));
  }

  /** A reward model in this process, with all that may be said of it. */
  ClassifierPlan classifier(Section section, String key) {
    ClassifierPlan plan =
        new ClassifierPlan(
            reference(section, key, Kind.CLASSIFIER),
            section.textOrNull("label"),
            section.choice("input", INPUTS, RewardModel.Input.PROMPT_AND_RESPONSE),
            placement(section));
    if (isClassifier(plan.model())) {
      check(section, plan);
    }
    return plan;
  }

  private static boolean isClassifier(Reference model) {
    try {
      return !model.written().isEmpty()
          && !model.written().startsWith(HUB)
          && Kind.of(model.resolved()) == Kind.CLASSIFIER;
    } catch (InvalidModelException e) {
      return false; // which is a fault already
    }
  }

  private static void check(Section section, ClassifierPlan plan) {
    ModelSummary model = ModelSummary.read(plan.model().resolved(), Placement.AUTO);
    List<String> labels = model.labels();
    if (plan.label() == null ? labels.size() > 1 : !labels.contains(plan.label())) {
      section.fault("label", "must be one of the model's labels: " + String.join(", ", labels));
    }
    if (plan.input() == RewardModel.Input.TEMPLATE && model.chatTemplate() == null) {
      section.fault("input", "must be another one: the model has no chat template");
    }
  }

  /** A model behind a server. */
  ServerPlan server(Section section) {
    String url = section.required("url", "the address of a server, ending in /v1");
    if (!url.isEmpty() && !url.matches("https?://.+")) {
      section.fault("url", "must begin with http:// or https://");
    }
    return new ServerPlan(
        url, section.required("model", "the model as the server calls it"), apiKeyEnv(section));
  }

  /** The name of the variable that holds a key; that it is there is part of the file's rules. */
  @Nullable String apiKeyEnv(Section section) {
    String variable = section.textOrNull("api-key-env");
    if (variable != null && requireNonNullElse(System.getenv(variable), "").isBlank()) {
      section.fault("api-key-env", "the environment has no such variable, or an empty one");
    }
    return variable;
  }

  /** A model's reference that has to be there and of a kind. */
  Reference reference(Section section, String key, Kind kind) {
    String written =
        section.required(key, "the reference of a model (a path, hf:ORG/NAME or embedded:NAME)");
    Reference reference = resolved(section, key, written);
    if (!written.isEmpty() && !written.startsWith(HUB)) {
      requireKind(section, key, reference, kind);
    }
    return reference;
  }

  /** A model's reference, or the address of one behind a server; null if there is none. */
  @Nullable Reference sideOrNull(Section section, String key) {
    String written = section.textOrNull(key);
    if (written == null) {
      return null;
    }
    return ModelAddress.isOne(written)
        ? new Reference(written, written)
        : reference(section, key, Kind.LANGUAGE_MODEL);
  }

  /** The reference of a tokenizer's directory; null if there is none. */
  @Nullable Reference tokenizerOrNull(Section section, String key) {
    String written = section.textOrNull(key);
    return written == null ? null : resolved(section, key, written);
  }

  /** Where a model runs and in which type. */
  Placement placement(Section section) {
    String device = section.textOrNull("device");
    String type = section.textOrNull("dtype");
    Placement own = placed(section, "device", device, "auto");
    Placement typed = placed(section, "dtype", "auto", type);
    return new Placement(
        device == null ? placement.device() : own.device(),
        type == null ? placement.type() : typed.type());
  }

  private static Placement placed(
      Section section, String key, @Nullable String device, @Nullable String type) {
    try {
      return Placement.parse(requireNonNullElse(device, "auto"), requireNonNullElse(type, "auto"));
    } catch (IllegalArgumentException e) {
      section.fault(key, String.valueOf(e.getMessage()));
      return Placement.AUTO;
    }
  }

  /** How a model sees a prompt. */
  PromptOptions view(Section section, String prefix) {
    String chatTemplate = prefix + "chat-template";
    PromptOptions options =
        PromptOptions.defaults()
            .withSystem(requireNonNullElse(section.textOrNull(prefix + "system"), ""))
            .withSuffix(requireNonNullElse(conversational(section, prefix + "suffix", true), ""))
            .withChatTemplate(text(section, chatTemplate));
    String template = conversational(section, prefix + "template", false);
    try {
      return template == null ? options : options.withTextTemplate(template);
    } catch (IllegalArgumentException e) {
      section.fault(prefix + "template", String.valueOf(e.getMessage()));
      return options;
    }
  }

  /** A text that has a meaning for conversations only, or for raw prompts only. */
  private @Nullable String conversational(Section section, String key, boolean wanted) {
    String text = section.textOrNull(key);
    if (text != null && wanted != conversation) {
      section.fault(key, wanted ? "is for conversations" : "is for raw prompts");
      return null;
    }
    return text;
  }

  private @Nullable String text(Section section, String key) {
    String file = conversational(section, key, true);
    try {
      return file == null ? null : Messages.text(path(file).toString());
    } catch (CommandException | InvalidPathException e) {
      section.fault(key, "must be a file that can be read: " + e.getMessage());
      return null;
    }
  }

  /**
   * A path, seen from the file.
   *
   * @throws InvalidPathException if it is none
   */
  Path path(String written) {
    return folder.resolve(written);
  }

  private Reference resolved(Section section, String key, String written) {
    if (written.isEmpty() || written.startsWith(HUB) || written.startsWith("embedded:")) {
      return new Reference(written, written);
    }
    try {
      return new Reference(written, path(written).toString());
    } catch (InvalidPathException e) {
      section.fault(key, "must be a path: " + e.getReason());
      return new Reference(written, written);
    }
  }

  private static void requireKind(Section section, String key, Reference reference, Kind wanted) {
    try {
      Kind found = Kind.of(reference.resolved());
      if (found != wanted) {
        section.fault(key, "must be a " + wanted + ", and is a " + found);
      }
    } catch (InvalidModelException e) {
      section.fault(key, "must be a model: " + e.getMessage());
    }
  }
}
