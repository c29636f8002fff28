// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
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
    GuidanceBeanPostProcessor guided = guided();
    if (guided == null) {
      return null;
    }
    if (cause instanceof BeanNotOfRequiredTypeException wrong) {
      String name = wrong.getBeanName();
      return guided.decorated().containsKey(name) ? new Asked(name, wrong.getRequiredType()) : null;
    }
    if (cause instanceof NoSuchBeanDefinitionException none && none.getResolvableType() != null) {
      Class<?> type = none.getResolvableType().resolve();
      String name = type == null ? null : guided.wasOnce(type);
      return type == null || name == null ? null : new Asked(name, type);
    }
    return null;
  }

  private @Nullable GuidanceBeanPostProcessor guided() {
    try {
      return beans == null
          ? null
          : beans.getBeanProvider(GuidanceBeanPostProcessor.class).getIfAvailable();
    } catch (BeansException | IllegalStateException e) {
      return null; // the context is too broken to ask
    }
  }

  private static FailureAnalysis analysis(Asked asked, Throwable cause) {
    String kind =
        List.of(
                ChatModel.class,
                StreamingChatModel.class,
                LanguageModel.class,
                StreamingLanguageModel.class)
            .stream()
            .filter(each -> each.isAssignableFrom(asked.type()))
            .map(Class::getSimpleName)
            .findFirst()
            .orElse("the interface");
    return new FailureAnalysis(
        "Bean '%s' is asked for as %s, but it is guided: in its place there is a model that implements"
                .formatted(asked.beanName(), asked.type().getName())
            + " LangChain4j's interface %s and nothing else.".formatted(kind),
        "Inject it as %s, or leave it unguided: langchain4j.w2s.decorate.exclude=%s"
            .formatted(kind, asked.beanName()),
        cause);
  }
}
