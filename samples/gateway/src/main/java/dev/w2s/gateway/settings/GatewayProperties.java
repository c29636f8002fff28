// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set of the gateway itself; guides are set as the starter has them.
 *
 * @param name What the large model is called here. By default the upstream's model, else
 *     movie-reviews.
 * @param upstream The large model behind another server; without a base URL it is the local model
 *     named base.
 * @param models Further names, each with guides and search of its own.
 * @param keys Bearer keys, of which a request has to bring one; none for everybody.
 * @param limits What a request may cost.
 */
@ConfigurationProperties(value = "gateway", ignoreUnknownFields = false)
public record GatewayProperties(
    @Nullable String name,
    @DefaultValue Upstream upstream,
    @DefaultValue Map<String, NamedModel> models,
    @DefaultValue List<String> keys,
    @DefaultValue Limits limits) {

  private static final String EMBEDDED = "movie-reviews";

  /** Checks the keys. */
  public GatewayProperties {
    models = Map.copyOf(models);
    keys = List.copyOf(keys);
    if (keys.stream().anyMatch(String::isBlank)) {
      throw new SettingException(
          "gateway.keys", "one of them is blank; each must have a character");
    }
  }

  /** What the large model is called here. */
  public String baseName() {
    if (name != null && !name.isBlank()) {
      return name;
    }
    String upstreams = upstream.model();
    return upstream.isSet() && upstreams != null ? upstreams : EMBEDDED;
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "GatewayProperties[name=%s, upstream=%s, models=%s, keys=%d, limits=%s]"
        .formatted(name, upstream, models, keys.size(), limits);
  }
}
