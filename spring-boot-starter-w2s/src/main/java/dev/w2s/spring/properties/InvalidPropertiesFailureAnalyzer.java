// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import dev.w2s.spring.properties.InvalidPropertiesException.Fault;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Tells of each property what it is, where that is said, and the rule that it breaks. */
final class InvalidPropertiesFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidPropertiesException> {
  private static final String SECRET = "api-key";

  private final Environment environment;

  /** Spring Boot makes it. */
  InvalidPropertiesFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(Throwable root, InvalidPropertiesException cause) {
    StringBuilder description = new StringBuilder("Guidance cannot be configured as it is set:\n");
    cause.faults().forEach(fault -> describe(fault, description));
    return new FailureAnalysis(
        description.toString(), "Update your application's configuration.", cause);
  }

  private void describe(Fault fault, StringBuilder description) {
    line(description.append('\n'), "Property", fault.property());
    ConfigurationProperty set = find(fault.property());
    if (set != null) {
      String value = fault.property().endsWith(SECRET) ? "******" : String.valueOf(set.getValue());
      line(description, "Value", '"' + value + '"');
      line(description, "Origin", String.valueOf(set.getOrigin()));
    }
    line(description, "Reason", fault.reason());
  }

  private static void line(StringBuilder description, String what, String text) {
    description.append("    ").append(what).append(": ").append(text).append('\n');
  }

  private @Nullable ConfigurationProperty find(String property) {
    ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      ConfigurationProperty found = source.getConfigurationProperty(name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
