// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.WeakToStrongStreamingLanguageModel;
import dev.w2s.guidance.Guide;
import dev.w2s.spring.decoration.GuidanceBeanPostProcessor;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

@ExtendWith(OutputCaptureExtension.class)
class DecorationTest {
  private static final String YES = "Yes, with pleasure.";

  /** Hears nothing, and does not matter. */
  private static final class Mute implements StreamingChatModel {
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {}
  }

  @Test
  void aBeanOfEachKindIsGuidedInItsPlace() {
    Contexts.guided()
        .withBean("chat", ChatModel.class, Contexts::chat)
        .withBean("stream", StreamingChatModel.class, Mute::new)
        .withBean("text", LanguageModel.class, () -> prompt -> Response.from("text"))
        .withBean("textStream", StreamingLanguageModel.class, () -> (prompt, handler) -> {})
        .run(
            context -> {
              assertThat(context).hasSingleBean(ChatModel.class);
              assertThat(context).getBean("chat").isInstanceOf(WeakToStrongChatModel.class);
              assertThat(context)
                  .getBean("stream")
                  .isInstanceOf(WeakToStrongStreamingChatModel.class);
              assertThat(context).getBean("text").isInstanceOf(WeakToStrongLanguageModel.class);
              assertThat(context)
                  .getBean("textStream")
                  .isInstanceOf(WeakToStrongStreamingLanguageModel.class);
              assertThat(context.getBean(ChatModel.class).chat("Will you?")).isEqualTo(YES);
            });
  }

  @Test
  void includeAndExcludeGoByBeanName() {
    ApplicationContextRunner three =
        Contexts.lengthy()
            .withBean("support", ChatModel.class, Contexts::chat)
            .withBean("supportJudge", ChatModel.class, Contexts::chat)
            .withBean("other", ChatModel.class, Contexts::chat);
    three
        .withPropertyValues(
            "langchain4j.w2s.decorate.include=support*", "langchain4j.w2s.decorate.exclude=*Judge")
        .run(
            context -> {
              GuidanceBeanPostProcessor guided = context.getBean(GuidanceBeanPostProcessor.class);
              assertThat(guided.decorated()).containsOnlyKeys("support");
              assertThat(context.getBean("other")).isInstanceOf(ScriptedChatModel.class);
            });
    three.run(
        context ->
            assertThat(context.getBean(GuidanceBeanPostProcessor.class).decorated())
                .containsOnlyKeys("support", "supportJudge", "other"));
  }

  @Test
  void namesThatNoModelHasAreToldOf(CapturedOutput output) {
    Contexts.lengthy()
        .withBean("support", ChatModel.class, Contexts::chat)
        .withPropertyValues("langchain4j.w2s.decorate.exclude=suport")
        .run(
            context ->
                assertThat(output)
                    .contains(
                        "langchain4j.w2s.decorate.exclude names 'suport', which no model is"));
  }

  @Test
  void whatIsGuidedAlreadyIsLeftAsItIs() {
    ChatModel own =
        WeakToStrongChatModel.builder()
            .delegate(Contexts.terse())
            .guide("length", Guide.of((prompt, text) -> -text.length()), 1)
            .build();
    ProxyFactory proxy = new ProxyFactory(own);
    proxy.setInterfaces(ChatModel.class);
    Contexts.lengthy()
        .withBean("own", ChatModel.class, () -> own)
        .withBean("proxied", ChatModel.class, () -> (ChatModel) proxy.getProxy())
        .run(
            context -> {
              assertThat(context.getBean("own")).isSameAs(own);
              assertThat(context.getBean(GuidanceBeanPostProcessor.class).decorated()).isEmpty();
            });
  }

  @Test
  void whatIsOfTwoKindsIsLeftAsItIsWithAWarning(CapturedOutput output) {
    final class Both implements LanguageModel, StreamingLanguageModel {
      @Override
      public Response<String> generate(String prompt) {
        return Response.from(prompt);
      }

      @Override
      public void generate(
          String prompt, dev.langchain4j.model.StreamingResponseHandler<String> handler) {}
    }
    Contexts.lengthy()
        .withBean("both", LanguageModel.class, Both::new)
        .run(
            context -> {
              assertThat(context.getBean("both")).isInstanceOf(Both.class);
              assertThat(output)
                  .contains("bean 'both'")
                  .contains("[LanguageModel, StreamingLanguageModel]")
                  .contains("it is left as it is");
            });
  }

  @Test
  void soIsWhatIsAChatModelAndStreams(CapturedOutput output) {
    Object both =
        java.lang.reflect.Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ChatModel.class, StreamingChatModel.class},
            (proxy, method, arguments) -> null);
    Contexts.lengthy()
        .withBean("both", ChatModel.class, () -> (ChatModel) both)
        .run(
            context -> {
              assertThat(context.getBean("both") == both).isTrue();
              assertThat(output).contains("'both'").contains("[ChatModel, StreamingChatModel]");
            });
  }

  /** Beans that Spring makes in its other ways. */
  @Configuration(proxyBeanMethods = false)
  static class OtherWays {
    @Bean
    static FactoryBean<ChatModel> made() {
      return new FactoryBean<>() {
        @Override
        public ChatModel getObject() {
          return Contexts.terse();
        }

        @Override
        public Class<?> getObjectType() {
          return ChatModel.class;
        }
      };
    }

    @Bean
    @Scope(value = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
    ChatModel scoped() {
      return Contexts.terse();
    }

    @Bean
    @Scope("prototype")
    ChatModel prototype() {
      return Contexts.terse();
    }
  }

  @Test
  void beansThatSpringMakesInOtherWaysAreGuidedOnce() {
    Contexts.lengthy()
        .withUserConfiguration(OtherWays.class)
        .run(
            context -> {
              for (String name : List.of("made", "prototype", "scoped")) {
                ChatModel model = context.getBean(name, ChatModel.class);
                assertThat(model).isInstanceOf(WeakToStrongChatModel.class);
              }
              assertThat(context.getBean("made", ChatModel.class).chat("Will you?")).isEqualTo(YES);
              assertThat(context.getBean(GuidanceBeanPostProcessor.class).decorated())
                  .containsOnlyKeys("made", "prototype", "scoped");
            });
  }

  @Test
  void anAspectsProxyIsGuidedAsAWhole() {
    List<String> called = new CopyOnWriteArrayList<>();
    ProxyFactory aspect = new ProxyFactory(Contexts.terse());
    aspect.addAdvice(
        (org.aopalliance.intercept.MethodInterceptor)
            call -> {
              if (call.getMethod().getName().equals("chat")) {
                called.add("chat");
              }
              return call.proceed();
            });
    Contexts.lengthy()
        .withBean("chat", ChatModel.class, () -> (ChatModel) aspect.getProxy())
        .withPropertyValues("langchain4j.w2s.search.best-of=4")
        .run(
            context -> {
              assertThat(context.getBean(ChatModel.class).chat("Will you?")).isEqualTo(YES);
              assertThat(called).hasSize(4);
            });
  }

  /** Notes what it hears. */
  private static final class Ear implements ChatModelListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void onRequest(ChatModelRequestContext context) {
      heard.add("request");
    }
  }

  private static int heard(String target) {
    Ear ear = new Ear();
    Contexts.lengthy()
        .withBean("ear", ChatModelListener.class, () -> ear)
        .withBean("chat", ChatModel.class, () -> Contexts.terse().withListeners(ear))
        .withPropertyValues(
            "langchain4j.w2s.search.best-of=4", "langchain4j.w2s.listeners=" + target)
        .run(context -> context.getBean(ChatModel.class).chat("Will you?"));
    return ear.heard.size();
  }

  @Test
  void listenersAreToldOfGuidedRequestsOrOfTheDelegatesCallsOrOfBoth() {
    assertThat(heard("guided")).isEqualTo(1);
    assertThat(heard("delegate")).isEqualTo(4);
    assertThat(heard("both")).isEqualTo(5);
  }

  @Test
  void aListenerBeanIsToldOfGuidedRequestsOfAModelThatWasMadeWithoutIt() {
    Ear ear = new Ear();
    Contexts.lengthy()
        .withBean("ear", ChatModelListener.class, () -> ear)
        .withBean("chat", ChatModel.class, Contexts::chat)
        .run(
            context -> {
              ChatResponse answer =
                  context
                      .getBean(ChatModel.class)
                      .chat(
                          ChatRequest.builder()
                              .messages(dev.langchain4j.data.message.UserMessage.from("Will you?"))
                              .build());
              assertThat(answer.aiMessage().text()).isEqualTo(YES);
              assertThat(ear.heard).hasSize(1);
            });
  }
}
