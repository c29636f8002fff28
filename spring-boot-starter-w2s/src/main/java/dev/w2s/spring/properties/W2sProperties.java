// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All that can be set. Unknown names are refused.
 *
 * @param enabled Whether models are guided at all.
 * @param pairs Pairs of small models that steer, by name.
 * @param rewards Reward models that steer, by name.
 * @param local Models in this process that become beans, by name.
 * @param search How a search goes and what it may cost.
 * @param decorate Which beans are guided.
 * @param loading When guides and local models are loaded, and what calls do until then.
 * @param listeners What beans of the type ChatModelListener are told of.
 * @param logTexts Whether the texts of answers are logged. They may be confidential; for
 *     development only.
 */
@ConfigurationProperties(prefix = W2sProperties.PREFIX, ignoreUnknownFields = false)
public record W2sProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue Map<String, PairProperties> pairs,
    @DefaultValue Map<String, RewardProperties> rewards,
    @DefaultValue Map<String, LocalProperties> local,
    @NestedConfigurationProperty @DefaultValue SearchProperties search,
    @NestedConfigurationProperty @DefaultValue DecorateProperties decorate,
    @NestedConfigurationProperty @DefaultValue LoadingProperties loading,
    @DefaultValue("guided") ListenerTarget listeners,
    @DefaultValue("false") boolean logTexts) {

  /** In front of all names. */
  public static final String PREFIX = "langchain4j.w2s";

  /** What beans of the type ChatModelListener are told of. */
  public enum ListenerTarget {
    /** Each guided request, once. */
    GUIDED,
    /** The calls of the large model, up to W·K a request and round. */
    DELEGATE,
    /** Both. */
    BOTH
  }

  /**
   * Checks what can be checked while an application starts.
   *
   * @throws InvalidPropertiesException if something is wrong; it names all that is
   */
  public void check() {
    List<InvalidPropertiesException.Fault> faults = new PropertiesCheck(this).faults();
    if (!faults.isEmpty()) {
      throw new InvalidPropertiesException(faults);
    }
  }
}
