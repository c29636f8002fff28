// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.model.ModelSummary;
import dev.w2s.spring.loading.Loadable;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one guide or local model.
 *
 * @param state not_loaded, loading, ready, failed or closed
 * @param models those in this process; none before it is ready
 * @param error why it failed; null if it did not
 */
public record LoadReport(String state, List<Model> models, @Nullable String error) {

  /**
   * A model in this process.
   *
   * @param reference how it was named
   * @param device where it is
   * @param dtype of its weights in memory
   * @param bytes of its weights in memory
   */
  public record Model(String reference, String device, String dtype, long bytes) {
    static Model of(ModelSummary summary) {
      return new Model(
          summary.reference(), summary.device(), summary.type().toString(), summary.bytes());
    }
  }

  static LoadReport of(Loadable<?> loadable) {
    Throwable failure = loadable.failure();
    return new LoadReport(
        loadable.state().name().toLowerCase(Locale.ROOT),
        loadable.models().stream().map(Model::of).toList(),
        failure == null ? null : failure.getMessage());
  }
}
