// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loader;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link GuidesHealth} for Spring Boot 4.
 *
 * @param catalog what is to be there
 * @param loader what became of it
 */
record Boot4GuidesHealthIndicator(Catalog catalog, Loader loader) implements HealthIndicator {

  @Override
  public Health health() {
    GuidesHealth found = GuidesHealth.of(catalog, loader);
    return Health.status(found.status()).withDetails(found.details()).build();
  }
}
