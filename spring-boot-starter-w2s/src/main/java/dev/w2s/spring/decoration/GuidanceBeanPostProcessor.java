// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.WeakToStrongStreamingLanguageModel;
import dev.w2s.spring.properties.DecorateProperties;
import dev.w2s.spring.properties.W2sProperties;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.util.PatternMatchUtils;

/**
 * Puts a guided model in the place of each bean that is a model. It comes after all other
 * processors: what they put around a model, proxies for aspects among them, is guided with it.
 */
public final class GuidanceBeanPostProcessor
    implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(GuidanceBeanPostProcessor.class);

  static final List<Class<?>> KINDS =
      List.of(
          ChatModel.class,
          StreamingChatModel.class,
          LanguageModel.class,
          StreamingLanguageModel.class);

  private static final Set<Class<?>> GUIDED =
      Set.of(
          WeakToStrongChatModel.class,
          WeakToStrongStreamingChatModel.class,
          WeakToStrongLanguageModel.class,
          WeakToStrongStreamingLanguageModel.class);

  private final Map<String, Class<?>> decorated = new ConcurrentHashMap<>();
  private @Nullable ListableBeanFactory beans;

  /**
   * Is asked for what it needs with the first model: a processor that is handed beans, or has them
   * looked for, makes them before others can process them.
   */
  @Override
  public void setBeanFactory(BeanFactory beanFactory) {
    beans = (ListableBeanFactory) beanFactory;
  }

  private ListableBeanFactory beans() {
    return requireNonNull(beans, "beans");
  }

  private DecorateProperties names() {
    return beans().getBean(W2sProperties.class).decorate();
  }

  /** Last. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    List<? extends Class<?>> kinds = KINDS.stream().filter(kind -> kind.isInstance(bean)).toList();
    Class<?> target = AopProxyUtils.ultimateTargetClass(bean);
    boolean untouched =
        kinds.isEmpty()
            || isGuided(target)
            || ScopedProxyUtils.isScopedTarget(beanName)
            || !isIncluded(beanName);
    if (untouched) {
      return bean;
    }
    if (kinds.size() > 1) {
      LOG.warn(
          "bean '{}' ({}) is of several kinds, {}, which one guided model cannot be; it is left as it"
              + " is",
          beanName,
          target.getName(),
          kinds.stream().map(Class::getSimpleName).toList());
      return bean;
    }
    Object guided = beans().getBean(ModelDecorator.class).decorate(bean, beanName);
    decorated.put(beanName, target);
    LOG.info("bean '{}' ({}) is guided", beanName, target.getName());
    return guided;
  }

  private boolean isIncluded(String beanName) {
    DecorateProperties names = names();
    return matches(names.include(), beanName) && !matches(names.exclude(), beanName);
  }

  private static boolean matches(List<String> patterns, String beanName) {
    return PatternMatchUtils.simpleMatch(patterns.toArray(String[]::new), beanName);
  }

  /** Tells of names that no model has: a slip of the pen leaves a model guided, or unguided. */
  @Override
  public void afterSingletonsInstantiated() {
    List<String> models =
        KINDS.stream()
            .flatMap(kind -> Arrays.stream(beans().getBeanNamesForType(kind, true, false)))
            .toList();
    tell("include", names().include(), models);
    tell("exclude", names().exclude(), models);
  }

  private static void tell(String property, List<String> patterns, List<String> models) {
    for (String pattern : patterns) {
      boolean used = models.stream().anyMatch(name -> PatternMatchUtils.simpleMatch(pattern, name));
      if (!used && !pattern.equals("*")) {
        LOG.warn(
            "langchain4j.w2s.decorate.{} names '{}', which no model is; there are {}",
            property,
            pattern,
            models);
      }
    }
  }

  /** The beans that are guided so far, by name, and what they were. */
  public Map<String, Class<?>> decorated() {
    return new LinkedHashMap<>(decorated);
  }

  /** Whether a class is that of a guided model. */
  static boolean isGuided(Class<?> type) {
    return GUIDED.contains(type);
  }
}
