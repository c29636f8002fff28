// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import dev.w2s.console.chat.LargeModel;
import dev.w2s.shell.AnyText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The frozen model: in this process, or behind a server. */
public final class BaseOptions {
  private static final String EMBEDDED = "embedded:movie-reviews/base";

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--base",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Frozen model, in this process (default: " + EMBEDDED + "; env: W2S_BASE).")
  private @Nullable String base;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "In its place a server with OpenAI's API, ending in /v1 (env: W2S_BASE_URL).")
  private @Nullable String baseUrl;

  @Option(
      names = "--base-model",
      paramLabel = "NAME",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The frozen model as the server calls it (env: W2S_BASE_MODEL).")
  private @Nullable String baseModel;

  @Option(
      names = "--api-key-env",
      paramLabel = "VAR",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description =
          "Environment variable that holds the server's key (default: OPENAI_API_KEY, if there is"
              + " one).")
  private @Nullable String apiKeyEnv;

  /**
   * Checks what is said of the model, without loading it.
   *
   * @throws ParameterException if it does not go together
   */
  public void check(Environment environment) {
    if (base != null && baseUrl != null) {
      throw usage("--base-url is '" + baseUrl + "'; beside --base it must not be given");
    }
    Given url = url(environment);
    if (url == null) {
      refuse("--base-model", baseModel);
      refuse("--api-key-env", apiKeyEnv);
    } else if (model(environment) == null) {
      throw usage(url + "; with it --base-model or W2S_BASE_MODEL must be given");
    }
  }

  /** An option for the model in this process goes before a variable for a server. */
  private @Nullable Given url(Environment environment) {
    return base == null ? Given.of("--base-url", baseUrl, "W2S_BASE_URL", environment) : null;
  }

  private @Nullable Given model(Environment environment) {
    return Given.of("--base-model", baseModel, "W2S_BASE_MODEL", environment);
  }

  private void refuse(String option, @Nullable String value) {
    if (value != null) {
      throw usage(option + " is '" + value + "'; without --base-url it has no meaning");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * Loads the model; of a server nothing is asked yet.
   *
   * @throws SetupException if it cannot be loaded
   */
  public LargeModel load(Environment environment) {
    Given url = url(environment);
    Given model = model(environment);
    if (url != null && model != null) {
      return ServedModel.of(url, model, key(environment));
    }
    Given local = Given.of("--base", base, "W2S_BASE", environment);
    return LoadedModel.of(local == null ? new Given(EMBEDDED, "--base") : local);
  }

  private ApiKey key(Environment environment) {
    return apiKeyEnv == null
        ? ApiKey.ofDefault("OPENAI_API_KEY", environment)
        : ApiKey.ofNamed("--api-key-env", apiKeyEnv, environment);
  }
}
