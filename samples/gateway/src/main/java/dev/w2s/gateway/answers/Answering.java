// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.answers;

import dev.langchain4j.model.output.FinishReason;
import dev.w2s.GuidanceBuilder;
import dev.w2s.gateway.models.Plan;
import dev.w2s.gateway.openai.Sampling;
import dev.w2s.metrics.SearchMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What all answers have in common.
 *
 * @param executor runs the searches
 * @param scheduler the same, as streams have it
 * @param meters count them
 */
public record Answering(Executor executor, Scheduler scheduler, MeterRegistry meters) {
  /** The name of a model is its tag; the meters have one named model already. */
  private static final String TAG = "served";

  /**
   * @param executor runs the searches
   * @param meters count them
   */
  public Answering(Executor executor, MeterRegistry meters) {
    this(executor, Schedulers.fromExecutor(executor), meters);
  }

  /** Puts a plan, and how tokens are drawn, into a builder. */
  <B extends GuidanceBuilder<B>> B with(
      B builder, Plan plan, Sampling sampling, SearchReport report) {
    plan.guides().forEach(guide -> builder.guide(guide.name(), guide.guide(), guide.weight()));
    return builder
        .settings(plan.settings())
        .temperature(sampling.temperature())
        .topP(sampling.topP())
        .topK(sampling.topK())
        .stop(sampling.stop().isEmpty() ? null : sampling.stop())
        .seed(sampling.seed())
        .listener(new SearchMeters(meters, Tag.of(TAG, plan.model())))
        .listener(report);
  }

  static String finishReason(@Nullable FinishReason reason) {
    if (reason == FinishReason.CONTENT_FILTER) {
      return "content_filter";
    }
    return reason == FinishReason.STOP ? "stop" : "length";
  }
}
