// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.spring.Contexts;
import dev.w2s.spring.aiservice.ServiceApplication;
import dev.w2s.spring.loading.Loadable;
import dev.w2s.spring.loading.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What other starters were reported for, tried on this one. */
@ExtendWith(OutputCaptureExtension.class)
class ReportedFaultsTest {

  private static ConfigurableApplicationContext start(Class<?> source, String... arguments) {
    return new SpringApplicationBuilder(source).web(WebApplicationType.NONE).run(arguments);
  }

  /**
   * Beans that depend on constructors and factories, and a processor that wants to see them all.
   */
  @Configuration(proxyBeanMethods = true)
  @EnableAutoConfiguration
  static class Processed {
    static final class Seen implements BeanPostProcessor {
      private final java.util.Set<String> names = new java.util.TreeSet<>();

      @Override
      public Object postProcessAfterInitialization(Object bean, String beanName) {
        names.add(beanName);
        return bean;
      }
    }

    /** Made by a factory that needs another bean. */
    static final class Made implements FactoryBean<StringBuilder> {
      private final ChatModel model;

      Made(ChatModel model) {
        this.model = model;
      }

      @Override
      public StringBuilder getObject() {
        return new StringBuilder(model.chat("Will you?"));
      }

      @Override
      public Class<?> getObjectType() {
        return StringBuilder.class;
      }
    }

    @Bean
    static Seen seen() {
      return new Seen();
    }

    @Bean
    Made made(ChatModel model) {
      return new Made(model);
    }

    @Bean
    ChatModel model() {
      return Contexts.terse();
    }

    @Bean
    WeightedGuide length() {
      return new WeightedGuide("length", Guide.of((prompt, text) -> text.length()), 1);
    }
  }

  /**
   * spring-framework 24553, spring-boot 20219 and 39224, langchain4j 2133: a processor that has
   * beans handed to it makes them, and factories, too early for other processors.
   */
  @Test
  void noBeanIsMadeTooEarly(CapturedOutput output) {
    try (ConfigurableApplicationContext context = start(Processed.class)) {
      assertThat(context.getBean(Processed.Seen.class).names)
          .contains(
              "made", "model", "length", "w2sLoader", "w2sModelDecorator", "w2sGuidanceSwitch");
      assertThat(context.getBean(StringBuilder.class)).hasToString("Yes, with pleasure.");
      assertThat(output)
          .doesNotContain("not eligible for getting processed")
          .doesNotContain("created too early");
    }
  }

  /**
   * spring-boot 22400 and 45846, db-scheduler 491: what a starter does at the start is not done
   * where all beans are lazy.
   */
  @Test
  void lazyInitializationNeitherHidesFaultsNorKeepsGuidesFromLoading() throws Exception {
    String lazy = "--spring.main.lazy-initialization=true";
    try (ConfigurableApplicationContext context =
        start(Processed.class, lazy, "--" + Contexts.TUNED, "--" + Contexts.UNTUNED)) {
      Loadable<?> pair = context.getBean(Loader.class).all().get(0);
      for (int i = 0; i < 600 && pair.state() != Loadable.State.READY; i++) {
        Thread.sleep(100);
      }
      assertThat(pair.state()).isEqualTo(Loadable.State.READY);
      assertThat(context.getBean(ChatModel.class)).isInstanceOf(WeakToStrongChatModel.class);
    }
    try (ConfigurableApplicationContext context =
        start(
            Processed.class,
            lazy,
            "--" + Contexts.TUNED,
            "--" + Contexts.UNTUNED,
            "--langchain4j.w2s.loading.mode=eager")) {
      assertThat(context.getBean(Loader.class).all().get(0).state())
          .isEqualTo(Loadable.State.READY);
    }
    assertThatThrownBy(
            () -> start(Processed.class, lazy, "--langchain4j.w2s.pairs.kind.tuned=no/where"))
        .hasMessageContaining("w2sLoader");
  }

  /** Two models for one service. */
  @Configuration(proxyBeanMethods = false)
  static class Two {
    @Bean
    ChatModel openAiChatModel() {
      return Contexts.terse();
    }

    @Bean
    ChatModel second() {
      return Contexts.terse();
    }
  }

  /** langchain4j 3354 and 2733, spring-ai 2230: the conflict is the application's, and told so. */
  @Test
  void twoModelsAreTheApplicationsOwnConflict() {
    assertThatThrownBy(
            () ->
                new SpringApplicationBuilder(
                        ServiceApplication.class, AiServiceTest.Length.class, Two.class)
                    .web(WebApplicationType.NONE)
                    .run()
                    .close())
        .hasMessageContaining("Conflict: multiple beans of type")
        .hasMessageContaining("[openAiChatModel, second]");
  }
}
