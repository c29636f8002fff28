// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loadable;
import dev.w2s.spring.loading.Loader;
import dev.w2s.spring.properties.LoadingProperties.Mode;
import dev.w2s.spring.properties.LoadingProperties.UntilReady;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether guided calls can be answered, in the words of the actuator, whose classes are others in
 * each line of Spring Boot.
 *
 * @param status DOWN if a guide or local model failed to load, OUT_OF_SERVICE while calls would
 *     have to wait or fail since one is being loaded, else UP
 * @param details of each guide and local model
 */
record GuidesHealth(String status, Map<String, Object> details) {

  static GuidesHealth of(Catalog catalog, Loader loader) {
    return new GuidesHealth(status(loader), details(catalog));
  }

  private static String status(Loader loader) {
    boolean failed = loader.all().stream().anyMatch(each -> each.state() == Loadable.State.FAILED);
    if (failed) {
      return "DOWN";
    }
    boolean waiting =
        loader.isLoading()
            && loader.mode() != Mode.LAZY
            && loader.untilReady() != UntilReady.UNGUIDED;
    return waiting ? "OUT_OF_SERVICE" : "UP";
  }

  private static Map<String, Object> details(Catalog catalog) {
    Map<String, Object> details = new LinkedHashMap<>();
    catalog.guides().forEach((name, guide) -> details.put(name, LoadReport.of(guide)));
    catalog.locals().forEach((name, local) -> details.put("local." + name, LoadReport.of(local)));
    return details;
  }
}
