// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.w2s.local.LocalChatBuilder;
import dev.w2s.local.LocalChatModel;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.local.LocalStreamingLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.loading.Loadable;
import dev.w2s.spring.loading.Loader;
import dev.w2s.spring.properties.LocalProperties;
import dev.w2s.spring.properties.W2sProperties;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Makes beans of the local models that properties name, unless the application has beans of their
 * names.
 */
final class LocalModelRegistrar implements ImportBeanDefinitionRegistrar {
  private final Environment environment;
  private final BeanFactory beans;

  /** Made by Spring. */
  LocalModelRegistrar(Environment environment, BeanFactory beans) {
    this.environment = environment;
    this.beans = beans;
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    Binder.get(environment)
        .bind(W2sProperties.PREFIX + ".local", Bindable.mapOf(String.class, LocalProperties.class))
        .orElse(Map.of())
        .forEach((name, local) -> local.as().forEach(kind -> register(registry, name, kind)));
  }

  private void register(BeanDefinitionRegistry registry, String name, LocalProperties.Kind kind) {
    String beanName = kind.beanName(name);
    if (registry.containsBeanDefinition(beanName)) {
      return;
    }
    BeanDefinitionBuilder definition =
        switch (kind) {
          case CHAT ->
              BeanDefinitionBuilder.genericBeanDefinition(
                  LocalChatModel.class, () -> chat(LocalChatModel.builder(), name).build());
          case STREAMING_CHAT ->
              BeanDefinitionBuilder.genericBeanDefinition(
                  LocalStreamingChatModel.class,
                  () -> chat(LocalStreamingChatModel.builder(), name).build());
          case LANGUAGE ->
              BeanDefinitionBuilder.genericBeanDefinition(
                  LocalLanguageModel.class, () -> language(name));
          case STREAMING_LANGUAGE ->
              BeanDefinitionBuilder.genericBeanDefinition(
                  LocalStreamingLanguageModel.class,
                  () -> new LocalStreamingLanguageModel(language(name)));
        };
    registry.registerBeanDefinition(beanName, definition.getBeanDefinition());
  }

  private LocalProperties properties(String name) {
    LocalProperties local = beans.getBean(W2sProperties.class).local().get(name);
    if (local == null) {
      throw new IllegalStateException("no local model is named '" + name + "'");
    }
    return local;
  }

  private Supplier<CausalModel> model(String name) {
    Loader loader = beans.getBean(Loader.class);
    Loadable<CausalModel> model = beans.getBean(Catalog.class).locals().get(name);
    if (model == null) {
      throw new IllegalStateException("no local model is named '" + name + "'");
    }
    return () -> loader.get(model);
  }

  private <B extends LocalChatBuilder<B>> B chat(B builder, String name) {
    LocalProperties local = properties(name);
    List<ChatModelListener> listeners =
        beans.getBeanProvider(ChatModelListener.class).orderedStream().toList();
    return builder
        .model(model(name))
        .maxTokens(local.maxTokens())
        .temperature(local.temperature())
        .topK(local.topK())
        .topP(local.topP())
        .stop(local.stop())
        .seed(local.seed())
        .listeners(listeners);
  }

  private LocalLanguageModel language(String name) {
    LocalProperties local = properties(name);
    SamplingParameters sampling = local.sampling();
    Integer maxTokens = local.maxTokens();
    return new LocalLanguageModel(
        model(name),
        sampling,
        requireNonNullElse(maxTokens, LocalChatBuilder.DEFAULT_MAX_TOKENS),
        local.seed());
  }
}
