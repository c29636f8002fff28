// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.model.TokenizerDirectory;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.server.Transport;
import dev.w2s.shell.AnyText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The frozen model behind a server. */
public final class ServerOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

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

  @Option(
      names = "--api",
      paramLabel = "A",
      description =
          "What the server is sent: completions, raw prompts; chat, conversations, where a raw prompt"
              + " is what the user says. Default: completions for a raw prompt.")
  private @Nullable Api api;

  @Option(
      names = "--continuation",
      paramLabel = "C",
      description =
          "How the chat goes on with an answer: auto (exactly where the conversation can be rendered,"
              + " else as is found to work), prefill, continue-final, prefix, instruction, whole.")
  private @Nullable Way continuation;

  @Option(
      names = "--base-tokenizer",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Directory of the frozen model's tokenizer, to render conversations with.")
  private @Nullable String baseTokenizer;

  /** What a server is sent. */
  enum Api {
    COMPLETIONS,
    CHAT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the chat goes on. */
  enum Way {
    AUTO,
    PREFILL,
    CONTINUE_FINAL,
    PREFIX,
    INSTRUCTION,
    WHOLE;

    Continuation continuation() {
      return Continuation.valueOf(name());
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A model behind a server.
   *
   * @param tokenizer of the model; null if it is not given
   */
  public record Opened(OpenAiCompatible model, @Nullable TokenizerDirectory tokenizer)
      implements AutoCloseable {
    @Override
    public void close() {
      if (tokenizer != null) {
        tokenizer.close();
      }
    }
  }

  /** Whether there is a server. */
  public boolean isGiven() {
    return baseUrl != null;
  }

  /**
   * Refuses the server's address.
   *
   * @throws ParameterException if there is one
   */
  void refuseUrl(String why) {
    refuse(true, "--base-url", baseUrl, why);
  }

  /**
   * Checks what is said of the server.
   *
   * @throws ParameterException if it does not go together
   */
  public void check() {
    String alone = "without --base-url it has no meaning";
    refuse(baseUrl == null, "--base-model", baseModel, alone);
    refuse(baseUrl == null, "--api-key-env", apiKeyEnv, alone);
    refuse(baseUrl == null, "--api", api, alone);
    refuse(baseUrl == null, "--continuation", continuation, alone);
    refuse(baseUrl == null, "--base-tokenizer", baseTokenizer, alone);
    if (baseUrl != null && baseModel == null) {
      throw usage("--base-model is needed with --base-url");
    }
  }

  /**
   * Checks that what is said of the server fits a prompt.
   *
   * @throws ParameterException if it does not
   */
  public void check(Prompt prompt) {
    if (baseUrl != null && prompt instanceof Prompt.Text && api != Api.CHAT) {
      String why = "a raw prompt is continued as it is; with --api=chat it has a meaning";
      refuse(true, "--continuation", continuation, why);
      refuse(true, "--base-tokenizer", baseTokenizer, why);
    }
  }

  /**
   * Makes the model; nothing is sent yet.
   *
   * @param view how it sees a prompt
   * @param transport in place of the JDK's client; null for that
   * @throws ParameterException if the server cannot be told so
   */
  public Opened open(PromptOptions view, @Nullable Transport transport) {
    if (baseTokenizer == null && (view.chatTemplate() != null || !view.suffix().isEmpty())) {
      throw usage(
          "--chat-template and --suffix need --base-tokenizer: without it the server shows"
              + " conversations in its own way");
    }
    TokenizerDirectory tokenizer =
        baseTokenizer == null ? null : TokenizerDirectory.open(baseTokenizer);
    try {
      return new Opened(model(view, transport, tokenizer), tokenizer);
    } catch (RuntimeException e) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      throw e;
    }
  }

  private OpenAiCompatible model(
      PromptOptions view, @Nullable Transport transport, @Nullable TokenizerDirectory tokenizer) {
    try {
      OpenAiCompatible.Builder builder =
          OpenAiCompatible.builder()
              .baseUrl(String.valueOf(baseUrl))
              .modelName(String.valueOf(baseModel))
              .apiKey(ApiKeys.read("--api-key-env", apiKeyEnv))
              .api(api == Api.CHAT ? OpenAiCompatible.Api.CHAT : OpenAiCompatible.Api.COMPLETIONS)
              .continuation(continuation == null ? null : continuation.continuation())
              .promptTemplate(view.textTemplate())
              .transport(transport);
      return tokenizer == null
          ? builder.build()
          : builder.tokenizer(tokenizer.tokenizer(), view).build();
    } catch (IllegalArgumentException e) {
      throw usage("--base-url: " + e.getMessage());
    }
  }

  private void refuse(boolean refused, String option, @Nullable Object value, String why) {
    if (refused && value != null) {
      throw usage(option + " is '" + value + "'; " + why);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
