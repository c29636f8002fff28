// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.SearchListener;
import dev.w2s.spring.decoration.GuidanceBeanPostProcessor;
import dev.w2s.spring.decoration.GuidanceSwitch;
import dev.w2s.spring.decoration.ModelDecorator;
import dev.w2s.spring.decoration.SearchCounts;
import dev.w2s.spring.decoration.SearchListenerFactory;
import dev.w2s.spring.decoration.SearchTextLog;
import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loader;
import dev.w2s.spring.properties.W2sProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Guides the models of an application by what its properties name. What it does is in {@link
 * ModelDecorator} and {@link Loader}; here they are put together.
 */
@AutoConfiguration
@ConditionalOnProperty(prefix = W2sProperties.PREFIX, name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(W2sProperties.class)
public class WeakToStrongAutoConfiguration {

  /** Made by Spring. */
  WeakToStrongAutoConfiguration() {}

  /** What properties name is loaded. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(OnConfigured.class)
  @Import(LocalModelRegistrar.class)
  static class Loading {

    @Bean
    @ConditionalOnMissingBean
    Catalog w2sCatalog(W2sProperties properties) {
      return Catalog.of(properties);
    }

    /** Not lazy, whatever the rest is: what is wrong with properties is told at the start. */
    @Bean
    @Lazy(false)
    @ConditionalOnMissingBean
    Loader w2sLoader(W2sProperties properties, Catalog catalog) {
      return new Loader(properties.loading(), catalog.all());
    }
  }

  /** Models are guided. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(OnConfigured.OnGuides.class)
  static class Guiding {

    @Bean
    @ConditionalOnMissingBean
    GuidanceSwitch w2sGuidanceSwitch(Loader loader) {
      return new GuidanceSwitch(loader);
    }

    @Bean
    @ConditionalOnMissingBean
    SearchCounts w2sSearchCounts() {
      return new SearchCounts();
    }

    @Bean
    @ConditionalOnMissingBean
    ModelDecorator w2sModelDecorator(
        W2sProperties properties,
        Catalog catalog,
        Loader loader,
        GuidanceSwitch guidance,
        Environment environment,
        ObjectProvider<WeightedGuide> guides,
        ObjectProvider<ChatModelListener> listeners,
        ObjectProvider<SearchListener> searchListeners,
        ObjectProvider<SearchListenerFactory> factories) {
      return new ModelDecorator(
          properties.search(),
          Stream.concat(catalog.weighted(loader).stream(), guides.orderedStream()).toList(),
          guidance,
          properties.listeners(),
          listeners.orderedStream().toList(),
          told(properties, searchListeners, factories),
          AnswerExecutors.of(environment));
    }

    private static List<SearchListenerFactory> told(
        W2sProperties properties,
        ObjectProvider<SearchListener> searchListeners,
        ObjectProvider<SearchListenerFactory> factories) {
      List<SearchListenerFactory> told = new ArrayList<>(factories.orderedStream().toList());
      searchListeners.orderedStream().forEach(listener -> told.add(bean -> listener));
      if (properties.logTexts()) {
        SearchTextLog.warn();
        told.add(SearchTextLog::new);
      }
      return told;
    }

    /** Static, and with nothing in its hands, so that it keeps no bean from other processors. */
    @Bean
    @ConditionalOnMissingBean
    static GuidanceBeanPostProcessor w2sBeanPostProcessor() {
      return new GuidanceBeanPostProcessor();
    }
  }
}
