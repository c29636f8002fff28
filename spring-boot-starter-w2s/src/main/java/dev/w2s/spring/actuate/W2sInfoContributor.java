// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.spring.decoration.GuidanceBeanPostProcessor;
import dev.w2s.spring.loading.Catalog;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Says under {@code w2s} which beans are guided, and by which guides of which weight.
 *
 * @param catalog the guides
 * @param beans that are guided
 */
record W2sInfoContributor(Catalog catalog, GuidanceBeanPostProcessor beans)
    implements InfoContributor {

  @Override
  public void contribute(Info.Builder builder) {
    builder.withDetail(
        "w2s",
        Map.of("guides", catalog.weights(), "models", new TreeSet<>(beans.decorated().keySet())));
  }
}
