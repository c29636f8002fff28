// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.cli.experiment.plan.BasePlan;
import dev.w2s.cli.experiment.plan.GuidePlan;
import dev.w2s.cli.experiment.plan.MethodPlan;
import dev.w2s.cli.experiment.plan.MethodPlan.Kind;
import dev.w2s.cli.experiment.plan.MethodPlan.Sweep;
import dev.w2s.cli.experiment.plan.Sampling;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.guard.TrustRegion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads {@code methods}, and {@code sampling}, which all have in common. */
final class MethodSection {
  private static final String METHOD = "method";
  private static final String GUIDES = "guides";
  private static final String GUARD = "guard";

  /** How methods are called in the file. Another kind of method is a word here and a case below. */
  private enum Word {
    BASE,
    BEST_OF_N,
    CBS,
    EFT,
    ALONE
  }

  private static final Map<String, Word> WORDS =
      Map.of(
          "base", Word.BASE,
          "best-of-n", Word.BEST_OF_N,
          "cbs", Word.CBS,
          "eft", Word.EFT,
          "alone", Word.ALONE);

  private final Context context;
  private final boolean localBase;
  private final Set<String> guides;
  private final Set<String> localPairs;
  private final Sampling defaults;

  /**
   * @param guides all there are
   * @param defaults how tokens are drawn where a method says nothing else
   */
  MethodSection(Context context, BasePlan base, List<GuidePlan> guides, Sampling defaults) {
    this.context = context;
    localBase = base instanceof BasePlan.Local;
    this.guides = new LinkedHashSet<>(guides.stream().map(GuidePlan::name).toList());
    localPairs =
        new LinkedHashSet<>(
            guides.stream()
                .filter(guide -> guide instanceof GuidePlan.Pair pair && pair.isLocal())
                .map(GuidePlan::name)
                .toList());
    this.defaults = defaults;
  }

  List<MethodPlan> read(Section top) {
    List<MethodPlan> plans = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Section section : top.sections("methods")) {
      for (Series.Item item : Series.of(section)) {
        MethodPlan plan = method(item);
        if (!names.add(plan.name())) {
          section.fault("name", "must be given: another method is called " + plan.name());
        }
        plans.add(plan);
      }
    }
    if (plans.stream().noneMatch(MethodPlan::isBase)) {
      top.fault("methods", "must be a list with a base, with which the others are compared");
    }
    return plans;
  }

  private MethodPlan method(Series.Item item) {
    Section section = item.section();
    Word word = section.choice(METHOD, WORDS, Word.BASE);
    if (!section.has(METHOD)) {
      section.fault(METHOD, "must say what kind of method it is");
    }
    Kind kind = kind(word, section);
    boolean guided = word == Word.BEST_OF_N || word == Word.CBS;
    List<String> own = guided || word == Word.EFT ? guides(section) : List.of();
    if (word == Word.EFT) {
      checkSteering(section, own);
    }
    Double guard = guided ? guard(section) : null;
    Sampling sampling = sampling(section, defaults);
    MethodNames names =
        new MethodNames(kind, own.size() == guides.size() ? List.of() : own, guard, item.values());
    String name = section.textOrNull("name");
    section.end();
    return new MethodPlan(
        names.of(name), kind, own, guard, sampling, sweep(names.ofSeries(name), item));
  }

  private Kind kind(Word word, Section section) {
    return switch (word) {
      case BASE -> new MethodPlan.Base();
      case BEST_OF_N -> bestOf(section);
      case CBS -> beam(section);
      case EFT -> eft(section);
      case ALONE -> new MethodPlan.Alone(context.model(section, "model"));
    };
  }

  private static Kind eft(Section section) {
    Double beta = section.numberOrNull("beta", Double::isFinite, "must be a finite number");
    if (!section.has("beta")) {
      section.fault("beta", "must be there: how strongly the pair steers");
    }
    return new MethodPlan.Eft(beta == null ? 1 : beta);
  }

  /** It reads the models' logits. */
  private void checkSteering(Section section, List<String> own) {
    if (!localBase) {
      section.fault(METHOD, "eft needs a base in this process");
    }
    if (own.size() != 1 || !localPairs.containsAll(own)) {
      section.fault(GUIDES, own + " must be one pair of models in this process");
    }
  }

  private static Kind bestOf(Section section) {
    int n = section.requiredInteger("n", 1);
    try {
      SearchSettings.bestOf(n);
    } catch (IllegalArgumentException e) {
      section.fault("n", String.valueOf(e.getMessage()));
    }
    return new MethodPlan.BestOf(n);
  }

  private static Kind beam(Section section) {
    int w = section.requiredInteger("w", 1);
    int k = section.requiredInteger("k", 1);
    int l = section.requiredInteger("l", 1);
    try {
      SearchSettings.chunkBeam(w, k, l);
    } catch (IllegalArgumentException e) {
      section.fault("w", String.valueOf(e.getMessage()));
    }
    return new MethodPlan.Beam(w, k, l);
  }

  private List<String> guides(Section section) {
    List<String> named = section.textsOrNull(GUIDES);
    List<String> own = named == null ? List.copyOf(guides) : List.copyOf(named);
    if (own.isEmpty()) {
      section.fault(GUIDES, "must be at least one: there is something to choose");
    }
    if (!guides.containsAll(own) || Set.copyOf(own).size() < own.size()) {
      section.fault(
          GUIDES, own + " must be among " + String.join(", ", guides) + ", each of them once");
    }
    return own;
  }

  /** Nats a token, or whether there is a guard at all. */
  private static @Nullable Double guard(Section section) {
    Node value = section.find(GUARD);
    if (value instanceof ScalarNode scalar && value.getTag().equals(Tag.BOOL)) {
      return Boolean.parseBoolean(scalar.getValue()) ? TrustRegion.DEFAULT_DIVERGENCE : null;
    }
    Double nats =
        section.numberOrNull(
            GUARD, number -> number > 0, "must be true, false, or nats a token above 0");
    if (nats != null) {
      try {
        return new TrustRegion(nats).divergence();
      } catch (IllegalArgumentException e) {
        section.fault(GUARD, String.valueOf(e.getMessage()));
      }
    }
    return nats;
  }

  /** How tokens are drawn, where it says nothing else as by default. */
  static Sampling sampling(Section section, Sampling defaults) {
    Double temperature =
        section.numberOrNull("temperature", t -> t >= 0, "must be a number of at least 0");
    Double topP =
        section.numberOrNull("top-p", p -> p > 0 && p <= 1, "must be above 0 and at most 1");
    Integer topK = section.integerOrNull("top-k", 0);
    List<String> stop = requireNonNullElse(section.textsOrNull("stop"), defaults.stop());
    if (stop.contains("")) {
      section.fault("stop", "must hold texts of at least one character");
    }
    return new Sampling(
        temperature == null ? defaults.temperature() : temperature,
        topK == null ? defaults.topK() : topK,
        topP == null ? defaults.topP() : topP,
        section.integer("max-tokens", 1, defaults.maxTokens()),
        stop);
  }

  private static @Nullable Sweep sweep(String series, Series.Item item) {
    String value = item.values().get(item.over());
    try {
      return value == null ? null : new Sweep(series, item.over(), Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return null; // a truth value, or a fault that is told already
    }
  }
}
