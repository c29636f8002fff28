// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import dev.w2s.metrics.SearchMeters;
import dev.w2s.metrics.SearchObservations;
import dev.w2s.spring.decoration.GuidanceSwitch;
import dev.w2s.spring.decoration.SearchListenerFactory;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Meters and observations of all searches, where the application has Micrometer. */
@AutoConfiguration(
    after = WeakToStrongAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@ConditionalOnBean(GuidanceSwitch.class)
public class WeakToStrongMetricsAutoConfiguration {
  private static final String BEAN = "bean";

  /** Made by Spring. */
  WeakToStrongMetricsAutoConfiguration() {}

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  @ConditionalOnBean(MeterRegistry.class)
  static class Meters {

    @Bean
    @ConditionalOnMissingBean(name = "w2sSearchMeters")
    SearchListenerFactory w2sSearchMeters(MeterRegistry registry) {
      return beanName -> new SearchMeters(registry, Tag.of(BEAN, beanName));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ObservationRegistry.class)
  @ConditionalOnBean(ObservationRegistry.class)
  static class Observations {

    @Bean
    @ConditionalOnMissingBean(name = "w2sSearchObservations")
    SearchListenerFactory w2sSearchObservations(ObservationRegistry registry) {
      return beanName -> new SearchObservations(registry, KeyValues.of(BEAN, beanName));
    }
  }
}
