// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.spring.WeakToStrongAutoConfiguration;
import dev.w2s.spring.decoration.GuidanceBeanPostProcessor;
import dev.w2s.spring.decoration.GuidanceSwitch;
import dev.w2s.spring.decoration.ModelDecorator;
import dev.w2s.spring.decoration.SearchCounts;
import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loader;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health, info and endpoint, where the application has Spring Boot's actuator. */
@AutoConfiguration(after = WeakToStrongAutoConfiguration.class)
@ConditionalOnBean(Loader.class)
public class WeakToStrongActuatorAutoConfiguration {

  /** Made by Spring. */
  WeakToStrongActuatorAutoConfiguration() {}

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
  @ConditionalOnBean(GuidanceSwitch.class)
  static class Actuator {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint(endpoint = W2sEndpoint.class)
    W2sEndpoint w2sEndpoint(
        Catalog catalog,
        GuidanceSwitch guidance,
        SearchCounts counts,
        GuidanceBeanPostProcessor beans,
        ModelDecorator decorator) {
      return new W2sEndpoint(catalog, guidance, counts, beans, decorator);
    }

    @Bean
    @ConditionalOnMissingBean(name = "w2sInfoContributor")
    @ConditionalOnEnabledInfoContributor("w2s")
    InfoContributor w2sInfoContributor(ModelDecorator decorator, GuidanceBeanPostProcessor beans) {
      return new W2sInfoContributor(decorator, beans);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.actuate.health.HealthIndicator",
        "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
      })
  static class Boot3Health {

    @Bean
    @ConditionalOnMissingBean(name = "w2sHealthIndicator")
    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
        "w2s")
    org.springframework.boot.actuate.health.HealthIndicator w2sHealthIndicator(
        Catalog catalog, Loader loader) {
      return new Boot3GuidesHealthIndicator(catalog, loader);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.health.contributor.HealthIndicator",
        "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
      })
  static class Boot4Health {

    @Bean
    @ConditionalOnMissingBean(name = "w2sHealthIndicator")
    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
        "w2s")
    org.springframework.boot.health.contributor.HealthIndicator w2sHealthIndicator(
        Catalog catalog, Loader loader) {
      return new Boot4GuidesHealthIndicator(catalog, loader);
    }
  }
}
