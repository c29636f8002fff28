// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import static java.util.Objects.requireNonNullElse;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains why a bean that is injected by its own class is not there any more. Spring says it in
 * two ways: before the bean is made by its type, afterwards by there being none of the type.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ConcreteClassFailureAnalyzer implements FailureAnalyzer {
  private final @Nullable BeanFactory beans;

  /** Spring Boot makes it. */
  ConcreteClassFailureAnalyzer(@Nullable BeanFactory beans) {
    this.beans = beans;
  }

  /** A bean that is asked for by a class that it had. */
  private record Asked(String beanName, Class<?> type) {}

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Asked asked = asked(cause);
      if (asked != null) {
        return analysis(asked, cause);
      }
    }
    return null;
  }

  private @Nullable Asked asked(Throwable cause) {
    if (cause instanceof BeanNotOfRequiredTypeException wrong) {
      boolean guided = GuidanceBeanPostProcessor.isGuided(wrong.getActualType());
      return guided ? new Asked(wrong.getBeanName(), wrong.getRequiredType()) : null;
    }
    if (cause instanceof NoSuchBeanDefinitionException none && none.getResolvableType() != null) {
      Class<?> type = none.getResolvableType().resolve();
      String name = type == null || kind(type) == null ? null : defined(type);
      return type == null || name == null ? null : new Asked(name, type);
    }
    return null;
  }

  /** The context has given up its beans by now, and goes by their definitions again. */
  private @Nullable String defined(Class<?> type) {
    if (!(beans instanceof ListableBeanFactory all)
        || all.getBeanNamesForType(GuidanceBeanPostProcessor.class, true, false).length == 0) {
      return null;
    }
    String[] names = all.getBeanNamesForType(type, true, false);
    return names.length == 0 ? null : names[0];
  }

  private static @Nullable String kind(Class<?> type) {
    return GuidanceBeanPostProcessor.KINDS.stream()
        .filter(each -> each.isAssignableFrom(type))
        .map(Class::getSimpleName)
        .findFirst()
        .orElse(null);
  }

  private static FailureAnalysis analysis(Asked asked, Throwable cause) {
    String kind = requireNonNullElse(kind(asked.type()), "it has");
    return new FailureAnalysis(
        "Bean '%s' is asked for as %s, but it is guided: in its place there is a model that implements"
                .formatted(asked.beanName(), asked.type().getName())
            + " LangChain4j's interface %s and nothing else.".formatted(kind),
        "Inject it as %s, or leave it unguided: langchain4j.w2s.decorate.exclude=%s"
            .formatted(kind, asked.beanName()),
        cause);
  }
}
