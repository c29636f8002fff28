// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.spring.Contexts;
import dev.w2s.spring.decoration.GuidanceSwitch;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.StreamedChat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** When guides are loaded and what calls do until then, with a guide that comes when it is let. */
@ExtendWith(OutputCaptureExtension.class)
class LoaderTest {
  private static final String YES = "Yes, with pleasure.";

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch let = new CountDownLatch(1);
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger closes = new AtomicInteger();
  private RuntimeException failure;

  private Guide open() {
    loads.incrementAndGet();
    begun.countDown();
    try {
      assertThat(let.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw failure;
    }
    return Guide.of((prompt, text) -> text.length());
  }

  private Catalog catalog() {
    Map<String, Loadable<Guide>> guides = new LinkedHashMap<>();
    guides.put(
        "length",
        new Loadable<>(
            "langchain4j.w2s.rewards.length", models -> open(), guide -> closes.incrementAndGet()));
    return new Catalog(Map.of(), guides, Map.of(), Map.of("length", 1.0));
  }

  /** The properties name a guide, in whose place the test's own is loaded. */
  private ApplicationContextRunner runner(String... properties) {
    return Contexts.guided()
        .withPropertyValues("langchain4j.w2s.loading.mode=background")
        .withPropertyValues(properties)
        .withBean(Catalog.class, this::catalog)
        .withBean("chat", ChatModel.class, Contexts::terse);
  }

  @Test
  void inTheBackgroundTheContextStartsFirstAndCallsWait() {
    runner()
        .run(
            context -> {
              begun.await();
              ChatModel model = context.getBean(ChatModel.class);
              CompletableFuture<String> answer =
                  CompletableFuture.supplyAsync(() -> model.chat("Will you?"));
              assertThat(answer).isNotDone();
              let.countDown();
              assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo(YES);
              assertThat(loads).hasValue(1);
            });
    assertThat(closes).hasValue(1);
  }

  @Test
  void aCallWaitsNoLongerThanTheTimeout() {
    runner("langchain4j.w2s.loading.timeout=30ms")
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(ChatModel.class).chat("Will you?"))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessage("langchain4j.w2s.rewards.length is not loaded after 30 ms"));
    let.countDown();
  }

  @Test
  void orFailsAtOnce() {
    runner("langchain4j.w2s.loading.until-ready=fail")
        .run(
            context -> {
              begun.await();
              ChatModel model = context.getBean(ChatModel.class);
              assertThatThrownBy(() -> model.chat("Will you?"))
                  .hasMessage("langchain4j.w2s.rewards.length is not loaded yet");
              let.countDown();
              context.getBean(Loader.class).all().get(0).await(java.time.Duration.ofMinutes(1));
              assertThat(model.chat("Will you?")).isEqualTo(YES);
            });
  }

  @Test
  void orGoesUnguidedWithAWarning(CapturedOutput output) {
    runner("langchain4j.w2s.loading.until-ready=unguided")
        .run(
            context -> {
              begun.await();
              ChatModel model = context.getBean(ChatModel.class);
              assertThat(model.chat("Will you?")).isEqualTo("No.");
              assertThat(model.chat("Will you?")).isEqualTo("No.");
              assertThat(output).containsOnlyOnce("guides are being loaded; until they are");
              assertThat(context.getBean(GuidanceSwitch.class).unguided()).isEqualTo(2);
              let.countDown();
              context.getBean(Loader.class).all().get(0).await(java.time.Duration.ofMinutes(1));
              assertThat(model.chat("Will you?")).isEqualTo(YES);
            });
  }

  @Test
  void lazilyTheFirstCallLoads() {
    let.countDown();
    runner("langchain4j.w2s.loading.mode=lazy")
        .run(
            context -> {
              assertThat(loads).hasValue(0);
              assertThat(context.getBean(ChatModel.class).chat("Will you?")).isEqualTo(YES);
              assertThat(loads).hasValue(1);
            });
  }

  @Test
  void eagerlyTheContextWaits() {
    let.countDown();
    runner("langchain4j.w2s.loading.mode=eager")
        .run(
            context ->
                assertThat(context.getBean(Loader.class).all().get(0).state())
                    .isEqualTo(Loadable.State.READY));
    failure = new IllegalStateException("damaged");
    runner("langchain4j.w2s.loading.mode=eager")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasMessage("langchain4j.w2s.rewards.length cannot be loaded: damaged"));
  }

  @Test
  void whatFailsLaterIsLoggedAndFailsEachGuidedCallInEveryPolicy(CapturedOutput output) {
    let.countDown();
    failure = new IllegalStateException("damaged");
    for (String policy : new String[] {"wait", "unguided", "fail"}) {
      runner("langchain4j.w2s.loading.until-ready=" + policy)
          .withBean("stream", StreamingChatModel.class, () -> new Unreached())
          .run(
              context -> {
                Loadable<?> guide = context.getBean(Loader.class).all().get(0);
                assertThatThrownBy(() -> guide.await(java.time.Duration.ofMinutes(1)))
                    .isInstanceOf(NotReadyException.class);
                assertThat(output)
                    .contains("ERROR Loadable - langchain4j.w2s.rewards.length cannot be loaded");
                for (int call = 0; call < 2; call++) {
                  assertThatThrownBy(() -> context.getBean(ChatModel.class).chat("Will you?"))
                      .hasMessage("langchain4j.w2s.rewards.length cannot be loaded: damaged");
                }
                StreamedChat streamed = new StreamedChat();
                context.getBean(StreamingChatModel.class).chat("Will you?", streamed);
                assertThat(streamed.awaitError()).isInstanceOf(NotReadyException.class);
                context.getBean(GuidanceSwitch.class).turn(false);
                assertThat(context.getBean(ChatModel.class).chat("Will you?")).isNotBlank();
              });
    }
  }

  /** A guide fails before the model is asked. */
  private static final class Unreached implements StreamingChatModel {}

  @Test
  void aContextThatIsClosedWhileItLoadsGivesBackWhatComes() {
    runner("langchain4j.w2s.loading.timeout=1m")
        .run(
            context -> {
              begun.await();
              Thread opener = new Thread(let::countDown);
              opener.start();
            });
    assertThat(closes).hasValue(1);
  }

  @Test
  void turnedOffTheModelAnswersAlone() {
    let.countDown();
    ScriptedChatModel terse = Contexts.terse();
    Contexts.lengthy()
        .withBean("chat", ChatModel.class, () -> terse)
        .run(
            context -> {
              context.getBean(GuidanceSwitch.class).turn(false);
              assertThat(context.getBean(ChatModel.class).chat("Will you?")).isEqualTo("No.");
              assertThat(terse.requests()).hasSize(1);
            });
  }
}
