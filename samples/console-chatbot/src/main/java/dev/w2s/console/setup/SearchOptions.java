// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import dev.w2s.console.chat.Beam;
import dev.w2s.console.chat.Drawing;
import dev.w2s.console.chat.Settings;
import dev.w2s.shell.AnyText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How answers are searched for and drawn. */
public final class SearchOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-W", "--beam-width"},
      paramLabel = "W",
      defaultValue = "4",
      description = "Hypotheses kept after each round (default: 4).")
  private int width;

  @Option(
      names = {"-K", "--successors"},
      paramLabel = "K",
      defaultValue = "4",
      description = "Continuations drawn for each (default: 4).")
  private int successors;

  @Option(
      names = {"-L", "--chunk-length"},
      paramLabel = "L",
      defaultValue = "5",
      description = "Tokens of a continuation (default: 5).")
  private int chunk;

  @Option(
      names = "--guard",
      paramLabel = "NATS|off",
      defaultValue = "0.08",
      description = "Divergence from the large model allowed, in nats a token (default: 0.08).")
  private String guard;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "60",
      description = "Most tokens of an answer (default: 60).")
  private int maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token always (default: 0.7; of a server its own).")
  private @Nullable Double temperature;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Same seed and conversation, same answers (default: others each time).")
  private @Nullable Long seed;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      defaultValue = "",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "What the models are told first.")
  private String system;

  /**
   * How the large model draws.
   *
   * @throws ParameterException if a number is out of range
   */
  public Drawing drawing() {
    return checked(() -> new Drawing(maxTokens, temperature, seed));
  }

  /**
   * What the conversation begins with.
   *
   * @throws ParameterException if a number is out of range
   */
  public Settings settings(List<PairPlan> pairs) {
    Map<String, Double> weights = new LinkedHashMap<>();
    pairs.forEach(pair -> weights.put(pair.name(), pair.weight()));
    return checked(
        () ->
            new Settings(
                true, weights, new Beam(width, successors, chunk), GuardText.parse(guard), system));
  }

  private <T> T checked(Supplier<T> values) {
    try {
      return values.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
