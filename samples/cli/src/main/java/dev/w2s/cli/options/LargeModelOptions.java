// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import static java.util.Objects.requireNonNull;

import dev.w2s.EmulatedFineTuning;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.search.SearchSettings;
import dev.w2s.shell.AnyText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Mixin private ServerOptions server;

  /**
   * A frozen model that is there.
   *
   * @param name in messages
   * @param local null if it is remote
   * @param remote null if it is local
   * @param tokenizer of one that is remote; null if it is not given
   */
  public record Opened(
      String name,
      @Nullable CausalModel local,
      @Nullable OpenAiCompatible remote,
      @Nullable TokenizerDirectory tokenizer)
      implements AutoCloseable {
    @Override
    public void close() {
      if (local != null) {
        local.close();
      }
      if (tokenizer != null) {
        tokenizer.close();
      }
    }
  }

  /**
   * Checks what is said of the model, without opening it.
   *
   * @throws ParameterException if there is none or two, or what is said does not go together
   */
  public void check() {
    if (base == null && !server.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "--base is needed, or --base-url with --base-model");
    }
    if (base != null) {
      server.refuseUrl("beside --base it must not be given");
    }
    server.check();
  }

  /**
   * The model's reference, where it has to be in this process.
   *
   * @param why as the end of a sentence about the address of a server
   * @throws ParameterException if it is behind a server
   */
  public String requireLocal(String why) {
    server.refuseUrl(why);
    return requireNonNull(base, "base");
  }

  /**
   * Checks that what is said of the model fits a prompt.
   *
   * @throws ParameterException if it does not
   */
  public void check(Prompt prompt) {
    server.check(prompt);
  }

  /**
   * Opens the model. One of this process is still being loaded then; its files have been read.
   *
   * @param view how it sees a prompt
   */
  public OpeningModel open(PromptOptions view, Placement placement) {
    if (base != null) {
      return OpeningModel.load(base, placement);
    }
    ServerOptions.Opened opened = server.open(view, null);
    return OpeningModel.of(
        new Opened(opened.model().toString(), null, opened.model(), opened.tokenizer()));
  }

  /** A model that guides it, but for guides and listener. */
  public static WeakToStrongLanguageModel.Builder builder(
      Opened large, PromptOptions view, SearchOptions search, SearchSettings settings) {
    WeakToStrongLanguageModel.Builder builder =
        WeakToStrongLanguageModel.builder().settings(settings);
    CausalModel local = large.local();
    if (local != null) {
      return builder
          .delegate(drawing(local, search, settings))
          .promptFormat(local.tokenizer().promptFormat(view));
    }
    return search.onto(builder.largeModel(requireNonNull(large.remote())));
  }

  /** A model in this process each of whose tokens a pair steers. */
  public static WeakToStrongLanguageModel steered(
      Opened large,
      PromptOptions view,
      SearchOptions search,
      SearchSettings settings,
      GuidancePair pair) {
    CausalModel local = requireNonNull(large.local(), "local");
    return WeakToStrongLanguageModel.builder()
        .settings(settings)
        .largeModel(
            EmulatedFineTuning.of(
                drawing(local, search, settings),
                pair,
                search.beta(),
                local.tokenizer().promptFormat(view)))
        .build();
  }

  private static LocalLanguageModel drawing(
      CausalModel local, SearchOptions search, SearchSettings settings) {
    return new LocalLanguageModel(local, search.sampling(), settings.maxTokens(), search.seed());
  }
}
