// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.method;

import dev.w2s.cli.experiment.models.Guides;
import dev.w2s.cli.experiment.models.LargeModel;
import dev.w2s.cli.experiment.models.LargeModels;
import dev.w2s.cli.experiment.models.ModelPool;
import dev.w2s.cli.experiment.plan.MethodPlan;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.guard.TrustRegion;
import java.util.List;

/** Makes methods of their plans. Another kind of method is a class beside these and a case here. */
public final class Methods {
  private Methods() {}

  /**
   * Opens a method.
   *
   * @param pool holds what is loaded
   */
  public static Method open(MethodPlan plan, LargeModel base, Guides guides, ModelPool pool) {
    MethodPlan.Kind kind = plan.kind();
    if (kind instanceof MethodPlan.Alone alone) {
      LargeModel writer = LargeModels.local(alone.model(), pool);
      return searching(plan, writer, SearchSettings.plainSampling(), guides);
    }
    if (kind instanceof MethodPlan.BestOf best) {
      return searching(plan, base, SearchSettings.bestOf(best.n()), guides);
    }
    if (kind instanceof MethodPlan.Beam beam) {
      SearchSettings settings = SearchSettings.chunkBeam(beam.w(), beam.k(), beam.l());
      return searching(plan, base, settings, guides);
    }
    SearchSettings plain = SearchSettings.plainSampling();
    return kind instanceof MethodPlan.Eft eft
        ? searching(plan, steered(plan, eft, base, guides), plain, guides)
        : searching(plan, base, plain, guides);
  }

  /** The file was refused if the base is not in this process, or the guide no pair. */
  private static LargeModel steered(
      MethodPlan plan, MethodPlan.Eft eft, LargeModel base, Guides guides) {
    GuidancePair pair = (GuidancePair) guides.get(plan.guides().get(0)).guide();
    return LargeModel.Steered.of((LargeModel.Local) base, pair, eft.beta(), plan.sampling());
  }

  private static Method searching(
      MethodPlan plan, LargeModel writer, SearchSettings settings, Guides guides) {
    SearchSettings limited = settings.withMaxTokens(plan.sampling().maxTokens());
    Double guard = plan.guard();
    return new SearchingMethod(
        writer,
        plan.sampling(),
        guard == null ? limited : limited.withGuard(new TrustRegion(guard)),
        plan.kind() instanceof MethodPlan.Eft
            ? List.of() // the guide has steered already; there is nothing to choose
            : plan.guides().stream().map(guides::get).toList());
  }
}
