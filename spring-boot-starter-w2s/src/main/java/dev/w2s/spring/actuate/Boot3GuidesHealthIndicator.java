// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loader;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/**
 * {@link GuidesHealth} for Spring Boot 3.
 *
 * @param catalog what is to be there
 * @param loader what became of it
 */
record Boot3GuidesHealthIndicator(Catalog catalog, Loader loader) implements HealthIndicator {

  @Override
  public Health health() {
    GuidesHealth found = GuidesHealth.of(catalog, loader);
    return Health.status(found.status()).withDetails(found.details()).build();
  }
}
