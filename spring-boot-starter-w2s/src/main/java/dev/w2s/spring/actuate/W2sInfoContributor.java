// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.spring.decoration.GuidanceBeanPostProcessor;
import dev.w2s.spring.decoration.ModelDecorator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Says under {@code w2s} which beans are guided, and by which guides of which weight.
 *
 * @param decorator has the guides
 * @param beans that are guided
 */
record W2sInfoContributor(ModelDecorator decorator, GuidanceBeanPostProcessor beans)
    implements InfoContributor {

  @Override
  public void contribute(Info.Builder builder) {
    Map<String, Double> weights = new LinkedHashMap<>();
    decorator.guides().forEach(guide -> weights.put(guide.name(), guide.weight()));
    builder.withDetail(
        "w2s", Map.of("guides", weights, "models", new TreeSet<>(beans.decorated().keySet())));
  }
}
