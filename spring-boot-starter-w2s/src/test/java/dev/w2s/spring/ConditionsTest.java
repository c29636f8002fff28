// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.w2s.spring.actuate.W2sEndpoint;
import dev.w2s.spring.decoration.GuidanceBeanPostProcessor;
import dev.w2s.spring.decoration.SearchCounts;
import dev.w2s.spring.loading.Loader;
import dev.w2s.testkit.ScriptedChatModel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is there under which condition. */
@ExtendWith(OutputCaptureExtension.class)
class ConditionsTest {
  private static final String EXPOSED = "management.endpoints.web.exposure.include=w2s,health,info";

  @Test
  void withNothingSetNothingIsThereButOneLine(CapturedOutput output) {
    Contexts.starter()
        .withBean("chat", ChatModel.class, Contexts::chat)
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(Loader.class);
              assertThat(context).doesNotHaveBean(GuidanceBeanPostProcessor.class);
              assertThat(context).doesNotHaveBean(org.springframework.validation.Validator.class);
              assertThat(context.getBean("chat")).isInstanceOf(ScriptedChatModel.class);
            });
    assertThat(output.getOut().lines().filter(line -> line.contains("WeakToStrong")))
        .singleElement()
        .asString()
        .startsWith("INFO WeakToStrongIdleAutoConfiguration - no model is guided: ");
  }

  @Test
  void disabledItIsAsIfNothingWereSet() {
    Contexts.guided()
        .withPropertyValues("langchain4j.w2s.enabled=false")
        .withBean("chat", ChatModel.class, Contexts::chat)
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(Loader.class);
              assertThat(context.getBean("chat")).isInstanceOf(ScriptedChatModel.class);
            });
  }

  @Test
  void aLocalModelAloneIsABeanAndNotGuided() {
    Contexts.starter()
        .withPropertyValues(
            Contexts.LAZY,
            "langchain4j.w2s.local.base.model=embedded:movie-reviews/base",
            "langchain4j.w2s.local.base.max-tokens=5",
            "langchain4j.w2s.local.base.seed=3",
            "langchain4j.w2s.local.base.as=language,chat")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(GuidanceBeanPostProcessor.class);
              assertThat(context).hasSingleBean(ChatModel.class).hasBean("baseChatModel");
              assertThat(context).hasSingleBean(LanguageModel.class).hasBean("baseLanguageModel");
              assertThat(context).doesNotHaveBean(StreamingChatModel.class);
              assertThat(context).doesNotHaveBean(StreamingLanguageModel.class);
              LanguageModel model = context.getBean(LanguageModel.class);
              assertThat(model.generate("It was").content())
                  .isEqualTo(model.generate("It was").content());
            });
  }

  @Test
  void aBeanOfTheApplicationTakesThePlaceOfALocalModelOfItsName() {
    Contexts.starter()
        .withBean("baseChatModel", ChatModel.class, Contexts::chat)
        .withPropertyValues(
            Contexts.LAZY,
            "langchain4j.w2s.local.base.model=embedded:movie-reviews/base",
            "langchain4j.w2s.local.base.as=chat")
        .run(
            context ->
                assertThat(context.getBean("baseChatModel")).isInstanceOf(ScriptedChatModel.class));
  }

  @Test
  void beansOfTheApplicationTakeThePlaceOfOurs() {
    SearchCounts own = new SearchCounts();
    Contexts.guided()
        .withBean("counts", SearchCounts.class, () -> own)
        .run(context -> assertThat(context.getBean(SearchCounts.class)).isSameAs(own));
  }

  @Test
  void metersAndObservationsComeWithTheirRegistries() {
    List<String> observed = new CopyOnWriteArrayList<>();
    ObservationRegistry observations = ObservationRegistry.create();
    observations
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                observed.add(context.getName() + " " + context.getLowCardinalityKeyValue("bean"));
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    Contexts.lengthy()
        .withBean("chat", ChatModel.class, Contexts::chat)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean(ObservationRegistry.class, () -> observations)
        .run(
            context -> {
              context.getBean(ChatModel.class).chat("Will you?");
              MeterRegistry meters = context.getBean(MeterRegistry.class);
              assertThat(meters.get("w2s.searches").tag("bean", "chat").counter().count())
                  .isEqualTo(1);
              assertThat(observed)
                  .singleElement()
                  .asString()
                  .contains("w2s.search")
                  .contains("chat");
            });
  }

  @Test
  void withoutMicrometerThereIsNoTraceOfIt() {
    Contexts.lengthy()
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .withBean("chat", ChatModel.class, Contexts::chat)
        .run(
            context -> {
              assertThat(context).doesNotHaveBean("w2sSearchMeters");
              assertThat(context).doesNotHaveBean("w2sSearchObservations");
              assertThat(context.getBean(ChatModel.class).chat("Will you?"))
                  .isEqualTo("Yes, with pleasure.");
            });
  }

  @Test
  void theActuatorsPartsComeWithIt() {
    Contexts.guided()
        .withPropertyValues(EXPOSED)
        .run(
            context -> {
              assertThat(context).hasSingleBean(W2sEndpoint.class);
              assertThat(context).hasBean("w2sHealthIndicator").hasBean("w2sInfoContributor");
            });
    Contexts.guided()
        .withPropertyValues(
            EXPOSED,
            "management.endpoint.w2s.access=NONE",
            "management.health.w2s.enabled=false",
            "management.info.w2s.enabled=false")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(W2sEndpoint.class);
              assertThat(context).doesNotHaveBean("w2sHealthIndicator");
              assertThat(context).doesNotHaveBean(InfoContributor.class);
            });
  }

  @Test
  void withoutTheActuatorThereIsNoTraceOfIt() {
    Contexts.guided()
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.boot.actuate", "org.springframework.boot.health"))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(Loader.class);
              assertThat(context).doesNotHaveBean("w2sHealthIndicator");
            });
    Contexts.guided()
        .withClassLoader(new FilteredClassLoader(Endpoint.class))
        .withPropertyValues(EXPOSED)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("w2sEndpoint"));
  }

  @Test
  void loggingOfTextsIsWarnedOf(CapturedOutput output) {
    Contexts.lengthy()
        .withBean("chat", ChatModel.class, Contexts::chat)
        .run(context -> context.getBean(ChatModel.class).chat("A secret?"));
    assertThat(output).doesNotContain("with pleasure").doesNotContain("secret");
    Contexts.lengthy()
        .withPropertyValues("langchain4j.w2s.log-texts=true")
        .withBean("chat", ChatModel.class, Contexts::chat)
        .run(context -> context.getBean(ChatModel.class).chat("A secret?"));
    assertThat(output)
        .contains("WARN SearchTextLog - langchain4j.w2s.log-texts is true")
        .contains("with pleasure");
  }
}
