// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.guidance.PairSource;
import dev.w2s.model.Placement;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.server.ModelAddress;
import dev.w2s.shell.AnyText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * The untuned model of a pair, and how both see the prompt. What is not given is as the model has
 * it. Where the two see it differently, one model makes a pair.
 */
public final class PairPromptOptions {
  private static final String NAME = "--pair-api-key-env";

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--untuned",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description =
          "The model it was tuned from; by default the tuned one, which must see another prompt.")
  private @Nullable String untuned;

  @Option(
      names = "--tuned-system",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description =
          "Words in front of what the tuned model sees: directly, or as a system message.")
  private @Nullable String tunedSystem;

  @Option(
      names = "--untuned-system",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The same for the untuned model, for instance the opposite.")
  private @Nullable String untunedSystem;

  @Option(
      names = "--tuned-template",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Template of a raw prompt for the tuned model, with {{prompt}}.")
  private @Nullable String tunedTemplate;

  @Option(
      names = "--untuned-template",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The same for the untuned model; each stands alone.")
  private @Nullable String untunedTemplate;

  @Option(
      names = "--tuned-chat-template",
      paramLabel = "FILE",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Jinja chat template in place of the tuned model's own.")
  private @Nullable String tunedChatTemplate;

  @Option(
      names = "--untuned-chat-template",
      paramLabel = "FILE",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The same for the untuned model.")
  private @Nullable String untunedChatTemplate;

  @Option(
      names = "--tuned-suffix",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Follows the conversation as the tuned model sees it.")
  private @Nullable String tunedSuffix;

  @Option(
      names = "--untuned-suffix",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The same for the untuned model.")
  private @Nullable String untunedSuffix;

  @Option(
      names = "--pair-tokenizer",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description =
          "Directory of the pair's tokenizer and generation_config.json, where a model of the pair is"
              + " named URL#MODEL: one behind a server that tells log-probabilities of prompts.")
  private @Nullable String tokenizer;

  @Option(
      names = NAME,
      paramLabel = "VAR",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Environment variable that holds that server's key.")
  private @Nullable String apiKeyEnv;

  /**
   * Whether the options fit a prompt.
   *
   * @throws ParameterException if one does not
   */
  public void check(Prompt prompt) {
    tuned(prompt);
    untuned(prompt);
  }

  /**
   * A pair, still to be opened.
   *
   * @param prompt the first that is asked
   * @throws ParameterException if an option does not fit the prompt or the models, or there is no
   *     untuned model although both sides would see the same
   */
  public PairSource pair(String tuned, Prompt prompt, Placement placement) {
    PromptOptions first = tuned(prompt);
    PromptOptions second = untuned(prompt);
    if (untuned == null && first.equals(second)) {
      throw usage(
          "--untuned is missing; it may be left out only where --tuned-system and --untuned-system,"
              + " or the two templates, differ");
    }
    String other = untuned == null ? tuned : untuned;
    checkServers(tuned, other);
    return new PairSource(
        tuned, other, first, second, placement, tokenizer, ApiKeys.read(NAME, apiKeyEnv));
  }

  /**
   * A pair whose models are in this process, still to be loaded.
   *
   * @param why as the end of a sentence about a model behind a server
   * @throws ParameterException if one is behind a server, and as {@link #pair} does
   */
  public PairSource localPair(String tuned, Prompt prompt, Placement placement, String why) {
    PairSource pair = pair(tuned, prompt, placement);
    refuseServer("--tuned", pair.tuned(), why);
    refuseServer("--untuned", pair.untuned(), why);
    return pair;
  }

  private void refuseServer(String option, String model, String why) {
    if (ModelAddress.isOne(model)) {
      throw usage("%s is '%s'; %s".formatted(option, model, why));
    }
  }

  private void checkServers(String tuned, String other) {
    requireModelName("--tuned", tuned);
    requireModelName("--untuned", other);
    boolean remote = ModelAddress.isOne(tuned) || ModelAddress.isOne(other);
    if (remote && tokenizer == null) {
      throw usage("--pair-tokenizer is needed with a model of the pair behind a server");
    }
    if (!remote && (tokenizer != null || apiKeyEnv != null)) {
      String option = tokenizer != null ? "--pair-tokenizer" : NAME;
      throw usage(
          "%s is '%s'; without --tuned or --untuned behind a server it has no meaning"
              .formatted(option, tokenizer != null ? tokenizer : apiKeyEnv));
    }
  }

  private void requireModelName(String option, String model) {
    if (ModelAddress.isOne(model) && !model.matches("[^#]+#.+")) {
      throw usage(option + " is '" + model + "'; a model behind a server is named URL#MODEL");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private PromptOptions tuned(Prompt prompt) {
    return new PromptView(spec, "--tuned-")
        .options(prompt, tunedSystem, tunedTemplate, tunedChatTemplate, tunedSuffix);
  }

  private PromptOptions untuned(Prompt prompt) {
    return new PromptView(spec, "--untuned-")
        .options(prompt, untunedSystem, untunedTemplate, untunedChatTemplate, untunedSuffix);
  }
}
