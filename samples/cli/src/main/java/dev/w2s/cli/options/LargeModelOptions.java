// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import static java.util.Objects.requireNonNull;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.io.CommandException;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.search.SearchSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The frozen model: in this process, or behind a server. */
public final class LargeModelOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--base",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Frozen model, in this process.")
  private @Nullable String base;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "In its place a server with OpenAI's completions endpoint, ending in /v1.")
  private @Nullable String baseUrl;

  @Option(
      names = "--base-model",
      paramLabel = "NAME",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The frozen model as the server calls it.")
  private @Nullable String baseModel;

  @Option(
      names = "--api-key-env",
      paramLabel = "VAR",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Environment variable that holds the server's key.")
  private @Nullable String apiKeyEnv;

  /**
   * A frozen model that is there.
   *
   * @param name in messages
   * @param local null if it is remote
   * @param remote null if it is local
   */
  public record Opened(String name, @Nullable CausalModel local, @Nullable OpenAiCompatible remote)
      implements AutoCloseable {
    @Override
    public void close() {
      if (local != null) {
        local.close();
      }
    }
  }

  /**
   * Checks what is said of the model, without opening it.
   *
   * @throws ParameterException if there is none or two, or what is said does not go together
   */
  public void check() {
    if (base == null && baseUrl == null) {
      throw usage("--base is needed, or --base-url with --base-model");
    }
    refuse(base != null, "--base-url", baseUrl, "beside --base it must not be given");
    refuse(baseUrl == null, "--base-model", baseModel, "without --base-url it has no meaning");
    refuse(baseUrl == null, "--api-key-env", apiKeyEnv, "without --base-url it has no meaning");
    if (baseUrl != null && baseModel == null) {
      throw usage("--base-model is needed with --base-url");
    }
  }

  /**
   * Checks that the model can be shown a prompt.
   *
   * @throws ParameterException if it cannot
   */
  public void check(Prompt prompt) {
    if (baseUrl != null && prompt instanceof Prompt.Conversation) {
      throw usage("--base-url is '" + baseUrl + "'; its endpoint takes raw prompts");
    }
  }

  private void refuse(boolean refused, String option, @Nullable String value, String why) {
    if (refused && value != null) {
      throw usage(option + " is '" + value + "'; " + why);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * Opens the model.
   *
   * @param view how it sees a prompt
   */
  public Opened open(PromptOptions view, Placement placement) {
    if (base != null) {
      return new Opened(base, CausalModel.load(base, placement), null);
    }
    try {
      OpenAiCompatible remote =
          OpenAiCompatible.builder()
              .baseUrl(String.valueOf(baseUrl))
              .modelName(String.valueOf(baseModel))
              .apiKey(apiKey())
              .promptTemplate(view.textTemplate())
              .build();
      return new Opened(remote.toString(), null, remote);
    } catch (IllegalArgumentException e) {
      throw usage("--base-url: " + e.getMessage());
    }
  }

  private @Nullable String apiKey() {
    if (apiKeyEnv == null) {
      return null;
    }
    String key = System.getenv(apiKeyEnv);
    if (key == null || key.isBlank()) {
      throw new CommandException(
          "--api-key-env is '%s'; the environment has no such variable, or an empty one"
              .formatted(apiKeyEnv));
    }
    return key;
  }

  /** A model that guides it, but for guides and listener. */
  public static WeakToStrongLanguageModel.Builder builder(
      Opened large, PromptOptions view, SearchOptions search, SearchSettings settings) {
    WeakToStrongLanguageModel.Builder builder =
        WeakToStrongLanguageModel.builder().settings(settings);
    CausalModel local = large.local();
    if (local != null) {
      return builder
          .delegate(
              new LocalLanguageModel(local, search.sampling(), settings.maxTokens(), search.seed()))
          .promptFormat(local.tokenizer().promptFormat(view));
    }
    return search.onto(builder.largeModel(requireNonNull(large.remote())));
  }
}
