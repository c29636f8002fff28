// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import dev.w2s.cli.experiment.plan.MethodPlan;
import dev.w2s.cli.experiment.plan.MethodPlan.Kind;
import dev.w2s.search.guard.TrustRegion;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a method and its series are called in tables, made of the settings where the file gives no
 * name.
 *
 * @param guides those that steer it; empty where all do
 * @param guard nats a token; null without a guard
 * @param lists the values of those keys that have lists in the file
 */
record MethodNames(
    Kind kind, List<String> guides, @Nullable Double guard, Map<String, String> lists) {
  private static final String GUARD = "guard";

  /** Keys whose values stand in the names that are made of the settings. */
  private static final Set<String> NAMED = Set.of("n", "w", "k", "l", "beta", GUARD);

  /** The method's. */
  String of(@Nullable String given) {
    return given == null ? made(Set.of()) + suffix(NAMED) : given + suffix(Set.of());
  }

  /** The series', in which the keys that have lists stand for their values. */
  String ofSeries(@Nullable String given) {
    return given == null ? made(lists.keySet()) : given;
  }

  private String made(Set<String> open) {
    String by = guides.isEmpty() ? "" : " by " + String.join("+", guides);
    return kind(open) + by + (open.contains(GUARD) ? "" : guarded());
  }

  private String kind(Set<String> open) {
    if (kind instanceof MethodPlan.BestOf best) {
      return "best-of-" + (open.contains("n") ? "n" : best.n());
    }
    if (kind instanceof MethodPlan.Beam beam) {
      return "CBS(%s,%s,%s)"
          .formatted(
              open.contains("w") ? "w" : beam.w(),
              open.contains("k") ? "k" : beam.k(),
              open.contains("l") ? "l" : beam.l());
    }
    if (kind instanceof MethodPlan.Eft eft) {
      String beta = BigDecimal.valueOf(eft.beta()).stripTrailingZeros().toPlainString();
      return "EFT(%s)".formatted(open.contains("beta") ? "beta" : beta);
    }
    return kind instanceof MethodPlan.Alone alone
        ? "alone " + alone.model().model().written()
        : "base";
  }

  private String guarded() {
    if (guard == null) {
      return "";
    }
    return guard == TrustRegion.DEFAULT_DIVERGENCE ? " guarded" : " guarded " + guard;
  }

  /** The values of lists that the name does not tell already. */
  private String suffix(Set<String> told) {
    return lists.entrySet().stream()
        .filter(list -> !told.contains(list.getKey()))
        .map(list -> " " + list.getKey() + "=" + list.getValue())
        .collect(Collectors.joining());
  }
}
