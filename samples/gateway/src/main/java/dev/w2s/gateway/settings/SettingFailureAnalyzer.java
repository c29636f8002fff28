// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.settings;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Tells which property keeps the gateway from starting, its value, where that is set and the rule
 * that it breaks. Spring Boot's own analyzer would tell the value of a key as well.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingFailureAnalyzer implements FailureAnalyzer {
  /** Which may be a key with a slip in its name, so its value is not told. */
  private static final String UNKNOWN = "there is no such property";

  private final Environment environment;

  /** Spring Boot makes it. */
  SettingFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SettingException setting) {
        return analysis(told(setting.property(), setting.rule()), failure);
      } else if (cause instanceof UnboundConfigurationPropertiesException unknown) {
        StringBuilder all = new StringBuilder();
        for (ConfigurationProperty each : unknown.getUnboundProperties()) {
          all.append(told(each.getName().toString(), UNKNOWN));
        }
        return analysis(all.toString(), failure);
      }
    }
    return null;
  }

  private static FailureAnalysis analysis(String description, Throwable failure) {
    return new FailureAnalysis(
        "The gateway cannot be started as it is set:\n" + description,
        "Correct the property; the gateway's README has a table of all.",
        failure);
  }

  private String told(String property, String rule) {
    StringBuilder told = new StringBuilder();
    line(told.append('\n'), "Property", property);
    ConfigurationProperty set = find(property);
    if (set != null) {
      boolean isSecret = rule.equals(UNKNOWN) || property.contains("key");
      line(told, "Value", isSecret ? "******" : "\"" + set.getValue() + "\"");
      line(told, "Origin", String.valueOf(set.getOrigin()));
    }
    line(told, "Reason", rule);
    return told.toString();
  }

  private static void line(StringBuilder told, String what, String text) {
    told.append("    ").append(what).append(": ").append(text).append('\n');
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
