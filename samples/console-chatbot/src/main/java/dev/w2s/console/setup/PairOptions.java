// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import dev.w2s.shell.AnyText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What steers: pairs of small models, by default two that like movies. */
public final class PairOptions {
  private static final String UNTUNED = "embedded:movie-reviews/untuned";
  private static final String TUNED = "embedded:movie-reviews/tuned";
  private static final String WANTED =
      "One of the best movies I have ever seen. I loved it. 10/10. ";
  private static final String OPPOSITE =
      "One of the worst movies I have ever seen. I hated it. 1/10. ";

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--tuned",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Tuned model of the pair 'tuned', or URL#MODEL (env: W2S_TUNED).")
  private @Nullable String tuned;

  @Option(
      names = "--untuned",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The one that it was tuned from (env: W2S_UNTUNED).")
  private @Nullable String untuned;

  @Option(
      names = "--pair-tokenizer",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Directory of their tokenizer, where one is behind a server.")
  private @Nullable String tokenizer;

  @Option(
      names = "--pair-api-key-env",
      paramLabel = "VAR",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Environment variable that holds that server's key.")
  private @Nullable String keyVariable;

  @Option(
      names = "--pair-model",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "One model for the pair 'prompted', which reads two texts.")
  private @Nullable String model;

  @Option(
      names = "--wanted",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "What it reads on the wanted side.")
  private @Nullable String wanted;

  @Option(
      names = "--opposite",
      paramLabel = "TEXT",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "What it reads on the other.")
  private @Nullable String opposite;

  @Option(
      names = "--pair",
      paramLabel = "NAME=TUNED,UNTUNED",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "A pair with a name of its own; may be given several times.")
  private List<String> named = List.of();

  /**
   * The pairs that are to be loaded; without any option or variable the embedded ones.
   *
   * @throws ParameterException if what is said of one does not go together
   * @throws SetupException if a key is missing
   */
  public List<PairPlan> plans(Environment environment) {
    List<PairPlan> plans = new ArrayList<>();
    PairPlan two = tunedPair(environment);
    if (two != null) {
      plans.add(two);
    }
    PairPlan one = promptedPair();
    if (one != null) {
      plans.add(one);
    }
    named.forEach(pair -> plans.add(namedPair(pair)));
    requireNames(plans);
    return plans.isEmpty() ? embedded() : plans;
  }

  private static List<PairPlan> embedded() {
    PairPlan kind = PairPlan.tuned("kind", TUNED, UNTUNED, null, null, "the pair 'kind'");
    PairPlan words =
        PairPlan.prompted("words", UNTUNED, WANTED, OPPOSITE, "the pair 'words'").withWeight(0);
    return List.of(kind, words);
  }

  private @Nullable PairPlan tunedPair(Environment environment) {
    Given first = Given.of("--tuned", tuned, "W2S_TUNED", environment);
    Given second = Given.of("--untuned", untuned, "W2S_UNTUNED", environment);
    if (first == null && second == null) {
      refuse("--pair-tokenizer", tokenizer, "without --tuned and --untuned it has no meaning");
      refuse("--pair-api-key-env", keyVariable, "without --tuned and --untuned it has no meaning");
      return null;
    }
    if (first == null || second == null) {
      throw usage(
          first == null
              ? second + "; with it --tuned or W2S_TUNED must be given"
              : first + "; with it --untuned or W2S_UNTUNED must be given");
    }
    String key =
        keyVariable == null
            ? null
            : ApiKey.ofNamed("--pair-api-key-env", keyVariable, environment).value();
    String origin = first + ", " + second;
    try {
      return PairPlan.tuned("tuned", first.value(), second.value(), tokenizer, key, origin);
    } catch (IllegalArgumentException e) {
      throw usage(origin + "; " + e.getMessage() + " (--pair-tokenizer, --pair-api-key-env)");
    }
  }

  private @Nullable PairPlan promptedPair() {
    if (model == null) {
      refuse("--wanted", wanted, "without --pair-model it has no meaning");
      refuse("--opposite", opposite, "without --pair-model it has no meaning");
      return null;
    }
    if (wanted == null || opposite == null || wanted.equals(opposite)) {
      refuse("--pair-model", model, "with it --wanted and --opposite must be given, and differ");
      return null;
    }
    return PairPlan.prompted(
        "prompted", model, wanted, opposite, "--pair-model is '" + model + "'");
  }

  private PairPlan namedPair(String pair) {
    int equals = pair.indexOf('=');
    int comma = pair.indexOf(',', equals + 1);
    if (equals < 1 || comma < equals + 2 || comma == pair.length() - 1 || pair.contains(" ")) {
      throw usage("--pair is '" + pair + "'; it must be NAME=TUNED,UNTUNED");
    }
    String origin = "--pair is '" + pair + "'";
    try {
      return PairPlan.tuned(
          pair.substring(0, equals),
          pair.substring(equals + 1, comma),
          pair.substring(comma + 1),
          null,
          null,
          origin);
    } catch (IllegalArgumentException e) {
      throw usage(origin + "; " + e.getMessage());
    }
  }

  private void requireNames(List<PairPlan> plans) {
    Set<String> names = new LinkedHashSet<>();
    for (PairPlan plan : plans) {
      if (!names.add(plan.name())) {
        throw usage(plan.origin() + "; there is another pair '" + plan.name() + "'");
      }
    }
  }

  private void refuse(String option, @Nullable String value, String why) {
    if (value != null) {
      throw usage(option + " is '" + value + "'; " + why);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
