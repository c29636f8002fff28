// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.guard.TrustRegion;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How a response is searched for and how tokens are drawn; the defaults are the paper's. */
public final class SearchOptions {

  private static final String WIDTH = "-W";
  private static final String SUCCESSORS = "-K";
  private static final String CHUNK = "-L";
  private static final String BEST_OF = "-N";
  private static final String BETA = "--beta";
  private static final String GUARD = "--guard";

  /** How a response is made. */
  public enum Method {
    /** Chunk-level beam search. */
    CBS,
    /** The best of N whole responses. */
    BON,
    /** One response, each token of which the pair steers. */
    EFT,
    /** Plain sampling; no pair is asked. */
    BASE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--method",
      paramLabel = "M",
      defaultValue = "cbs",
      description =
          "cbs: chunk-level beam search (-W, -K, -L); bon: the best of N whole responses (-N); eft:"
              + " one response, each token steered by a pair of the base's vocabulary (--beta); base:"
              + " one response, unguided.")
  private Method method;

  @Option(
      names = {WIDTH, "--beam-width"},
      paramLabel = "W",
      defaultValue = "4",
      description = "For cbs: hypotheses kept after each round.")
  private int beamWidth;

  @Option(
      names = {SUCCESSORS, "--successors"},
      paramLabel = "K",
      defaultValue = "4",
      description = "For cbs: continuations drawn for each; the first round draws W*K.")
  private int successors;

  @Option(
      names = {CHUNK, "--chunk-length"},
      paramLabel = "L",
      defaultValue = "5",
      description = "For cbs: tokens of a continuation.")
  private int chunkLength;

  @Option(
      names = {BEST_OF, "--best-of"},
      paramLabel = "N",
      defaultValue = "16",
      description = "For bon: responses drawn.")
  private int bestOf;

  @Option(
      names = BETA,
      paramLabel = "B",
      defaultValue = "1",
      description =
          "For eft: log base + B * (log tuned - log untuned); 0 is the base, a negative one steers"
              + " away.")
  private double beta;

  @Mixin private GuardOption guard;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "50",
      description = "Most tokens of a response.")
  private int maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.7",
      description = "0 takes the likeliest token always.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "50",
      description = "Draw among the N likeliest tokens; 0: all.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description = "Draw among the likeliest tokens of mass P.")
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "Same seed and prompt, same text, wherever the prompt stands in a file (default:"
              + " another one each time).")
  private @Nullable Long seed;

  /** The settings of the search that the method is; numbers out of range are errors of usage. */
  public SearchSettings settings() {
    switch (method) {
      case CBS -> refuse(BEST_OF, BETA);
      case BON -> refuse(WIDTH, SUCCESSORS, CHUNK, BETA);
      case EFT -> refuse(WIDTH, SUCCESSORS, CHUNK, BEST_OF, GUARD);
      case BASE -> refuse(WIDTH, SUCCESSORS, CHUNK, BEST_OF, GUARD, BETA);
    }
    if (!Double.isFinite(beta)) {
      throw new ParameterException(
          spec.commandLine(), "--beta is %s; it must be a finite number".formatted(beta));
    }
    TrustRegion region = guard.guard();
    return checked(() -> ofMethod().withMaxTokens(maxTokens))
        .withGuard(region == null ? Guard.none() : region);
  }

  private SearchSettings ofMethod() {
    return switch (method) {
      case CBS -> SearchSettings.chunkBeam(beamWidth, successors, chunkLength);
      case BON -> SearchSettings.bestOf(bestOf);
      case EFT, BASE -> SearchSettings.plainSampling();
    };
  }

  /** Whether the pair steers each token, instead of choosing among texts. */
  public boolean isSteered() {
    return method == Method.EFT;
  }

  /** How strongly it steers. */
  public double beta() {
    return beta;
  }

  /** An option that the method has no use for is a misunderstanding, and nothing to ignore. */
  private void refuse(String... options) {
    for (String option : options) {
      if (said(option)) {
        throw new ParameterException(
            spec.commandLine(), option + " has no meaning with --method=" + method);
      }
    }
  }

  /** How tokens are drawn; numbers out of range are errors of usage. */
  public SamplingParameters sampling() {
    return checked(() -> new SamplingParameters(temperature, topK, topP, List.of()));
  }

  /**
   * Sets what somebody has said of how tokens are drawn, and nothing else: a server may have its
   * own defaults, and refuse what it does not know.
   */
  public WeakToStrongLanguageModel.Builder onto(WeakToStrongLanguageModel.Builder builder) {
    sampling();
    return builder
        .temperature(said("--temperature") ? temperature : null)
        .topK(said("--top-k") ? topK : null)
        .topP(said("--top-p") ? topP : null)
        .seed(seed);
  }

  private boolean said(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  public @Nullable Long seed() {
    return seed;
  }

  private <T> T checked(Supplier<T> values) {
    try {
      return values.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
