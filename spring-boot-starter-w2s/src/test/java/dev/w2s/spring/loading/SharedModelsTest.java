// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.language.LanguageModel;
import dev.w2s.model.OpenNatives;
import dev.w2s.spring.Contexts;
import dev.w2s.testkit.GoldenFiles;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Weights are the process's: counted over all contexts, and gone with the last one. */
class SharedModelsTest {

  /** The embedded pair, the same pair prompted, a judge, and the base as a bean. */
  private static ApplicationContextRunner runner() {
    return Contexts.guided()
        .withPropertyValues(
            "langchain4j.w2s.loading.mode=eager",
            "langchain4j.w2s.pairs.prompted.tuned=embedded:movie-reviews/untuned",
            "langchain4j.w2s.pairs.prompted.tuned-system=I loved it. ",
            "langchain4j.w2s.pairs.prompted.untuned-system=I hated it. ",
            "langchain4j.w2s.rewards.gold.model=embedded:movie-reviews/gold",
            "langchain4j.w2s.rewards.gold.label=POSITIVE",
            "langchain4j.w2s.local.base.model=embedded:movie-reviews/base",
            "langchain4j.w2s.local.base.as=language,chat,streaming-chat,streaming-language",
            "langchain4j.w2s.search.max-tokens=10");
  }

  private static long models() {
    return OpenNatives.onCpu().models();
  }

  @Test
  void contextsShareWeightsAndTheLastFreesThem() {
    long before = models();
    runner()
        .run(
            first -> {
              assertThat(first).hasNotFailed();
              assertThat(models() - before).isEqualTo(4);
              long loaded = OpenNatives.onCpu().modelsSoFar();
              runner()
                  .run(
                      second -> {
                        assertThat(OpenNatives.onCpu().modelsSoFar()).isEqualTo(loaded);
                        assertThat(
                                second
                                    .getBean("baseLanguageModel", LanguageModel.class)
                                    .generate("This movie was")
                                    .content())
                            .isNotBlank();
                      });
              assertThat(models() - before).isEqualTo(4);
              assertThat(first.getBean("baseChatModel", ChatModel.class).chat("How was it?"))
                  .isNotNull();
            });
    assertThat(models()).isEqualTo(before);
    assertThat(OpenNatives.onCpu().caches()).isZero();
  }

  /** Two adapters over one base, and the base itself: one set of weights. */
  @Test
  void guidesByAdaptersShareTheirBase() {
    long before = models();
    long adapters = OpenNatives.onCpu().adapters();
    String base = GoldenFiles.directory("models/llama-gqa").toString();
    Contexts.starter()
        .withPropertyValues(
            "langchain4j.w2s.loading.mode=eager",
            "langchain4j.w2s.pairs.one.tuned=" + GoldenFiles.directory("adapters/llama-qv"),
            "langchain4j.w2s.pairs.one.untuned=" + base,
            "langchain4j.w2s.pairs.other.tuned=" + GoldenFiles.directory("adapters/llama-ends"),
            "langchain4j.w2s.pairs.other.untuned=" + base)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(models() - before).isEqualTo(1);
              assertThat(OpenNatives.onCpu().adapters() - adapters).isEqualTo(2);
            });
    assertThat(models()).isEqualTo(before);
    assertThat(OpenNatives.onCpu().adapters()).isEqualTo(adapters);
  }

  @Test
  void aContextThatFailsToStartLeavesNothing() {
    long before = models();
    runner()
        .withPropertyValues("langchain4j.w2s.rewards.gold.label=no such label")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasMessageContaining("langchain4j.w2s.rewards.gold cannot be loaded")
                    .hasMessageContaining("label is no such label"));
    assertThat(models()).isEqualTo(before);
  }

  @Test
  void contextsThatComeAndGoAtOnceLoadOnceAndLeaveNothing() throws Exception {
    long before = models();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all =
          IntStream.range(0, 12)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              Contexts.guided()
                                  .withPropertyValues(
                                      "langchain4j.w2s.loading.mode="
                                          + (i % 2 == 0 ? "eager" : "background"))
                                  .run(context -> assertThat(context).hasNotFailed())))
              .toList();
      for (Future<?> each : all) {
        each.get(2, TimeUnit.MINUTES);
      }
    } finally {
      threads.shutdown();
    }
    assertThat(models()).isEqualTo(before);
  }
}
