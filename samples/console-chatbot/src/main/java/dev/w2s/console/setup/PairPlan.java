// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import dev.w2s.console.chat.NamedGuide;
import dev.w2s.console.chat.Reader;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairSource;
import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pair that is to be loaded.
 *
 * @param name how commands will call it
 * @param weight at first
 * @param description what it is made of
 * @param source loads it
 * @param origin in front of what is wrong with it
 */
public record PairPlan(
    String name, double weight, String description, PairSource source, String origin) {
  private static final Placement PLACEMENT = Placement.parse("cpu", "auto");

  /**
   * A tuned model and the one it came from.
   *
   * @throws IllegalArgumentException if one is behind a server, and it is not named {@code
   *     URL#MODEL}, or there is no tokenizer
   */
  public static PairPlan tuned(
      String name,
      String tuned,
      String untuned,
      @Nullable String tokenizer,
      @Nullable String key,
      String origin) {
    PromptOptions own = PromptOptions.defaults();
    return new PairPlan(
        name,
        1,
        tuned + " against " + untuned,
        new PairSource(tuned, untuned, own, own, PLACEMENT, tokenizer, key),
        origin);
  }

  /** One model under two texts. */
  public static PairPlan prompted(
      String name, String model, String wanted, String opposite, String origin) {
    PromptOptions own = PromptOptions.defaults();
    return new PairPlan(
        name,
        1,
        "%s under '%s' against '%s'".formatted(model, wanted.strip(), opposite.strip()),
        new PairSource(
            model, model, own.withSystem(wanted), own.withSystem(opposite), PLACEMENT, null, null),
        origin);
  }

  PairPlan withWeight(double other) {
    return new PairPlan(name, other, description, source, origin);
  }

  /**
   * Loads it.
   *
   * @throws SetupException if it cannot be loaded
   */
  public NamedGuide load() {
    try {
      Pair pair = source.open();
      return new NamedGuide(name, description, pair, readers(pair));
    } catch (RuntimeException e) {
      throw new SetupException(origin + "; " + e.getMessage(), e);
    }
  }

  /** A pair that is partly behind a server does not tell how much it holds. */
  private List<Reader> readers(Pair pair) {
    return pair instanceof GuidancePair local
        ? List.of(
            Reader.of(local.tuned(), source.tunedOptions()),
            Reader.of(local.untuned(), source.untunedOptions()))
        : List.of();
  }
}
