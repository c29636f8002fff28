// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.guidance.WeightedGuide;
import dev.w2s.spring.decoration.GuidanceBeanPostProcessor;
import dev.w2s.spring.decoration.GuidanceSwitch;
import dev.w2s.spring.decoration.ModelDecorator;
import dev.w2s.spring.decoration.SearchCounts;
import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loadable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The endpoint {@code w2s}: guides, settings and counters, and a switch. Switching is off unless
 * {@code management.endpoint.w2s.access} allows it.
 */
@Endpoint(id = "w2s", defaultAccess = Access.READ_ONLY)
public final class W2sEndpoint {
  private final Catalog catalog;
  private final GuidanceSwitch guidance;
  private final SearchCounts counts;
  private final GuidanceBeanPostProcessor beans;
  private final ModelDecorator decorator;
  private final SearchSettingsReport settings;

  W2sEndpoint(
      Catalog catalog,
      GuidanceSwitch guidance,
      SearchCounts counts,
      GuidanceBeanPostProcessor beans,
      ModelDecorator decorator) {
    this.catalog = catalog;
    this.guidance = guidance;
    this.counts = counts;
    this.beans = beans;
    this.decorator = decorator;
    settings = SearchSettingsReport.of(decorator.search());
  }

  /**
   * What the endpoint tells.
   *
   * @param guided whether calls are guided
   * @param guides by name
   * @param local models in this process, by name
   * @param models the beans that are guided, by name, and what they were
   * @param search how searches go
   * @param counters since the start
   */
  public record Report(
      boolean guided,
      Map<String, Guide> guides,
      Map<String, LoadReport> local,
      Map<String, String> models,
      SearchSettingsReport search,
      Map<String, Long> counters) {}

  /**
   * One guide.
   *
   * @param weight of its score
   * @param loaded what became of it; null for a bean of the application
   */
  public record Guide(double weight, @Nullable LoadReport loaded) {}

  /** Tells of all. No text of a prompt or an answer is in it, and no key. */
  @ReadOperation
  public Report report() {
    Map<String, Guide> guides = new LinkedHashMap<>();
    Map<String, Loadable<? extends dev.w2s.guidance.Guide>> loaded = catalog.guides();
    for (WeightedGuide guide : decorator.guides()) {
      Loadable<?> own = loaded.get(guide.name());
      guides.put(guide.name(), new Guide(guide.weight(), own == null ? null : LoadReport.of(own)));
    }
    Map<String, LoadReport> locals = new LinkedHashMap<>();
    catalog.locals().forEach((name, local) -> locals.put(name, LoadReport.of(local)));
    Map<String, String> models = new LinkedHashMap<>();
    beans.decorated().forEach((name, type) -> models.put(name, type.getName()));
    Map<String, Long> counters = new LinkedHashMap<>(counts.counts());
    counters.put("unguided", guidance.unguided());
    return new Report(guidance.isOn(), guides, locals, models, settings, counters);
  }

  /** Turns guidance on or off, for calls that begin from now on. */
  @WriteOperation
  public void turn(boolean guided) {
    guidance.turn(guided);
  }
}
