// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;

class AnswerExecutorsTest {
  private static final String KEY = "answer-executors-test";
  private final ThreadLocal<String> caller = new ThreadLocal<>();

  @AfterEach
  void forget() {
    ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
  }

  @Test
  void answersHaveTheirCallersContext() throws Exception {
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, caller);
    Executor executor = AnswerExecutors.of(new StandardEnvironment());
    caller.set("request 7");
    CompletableFuture<String> seen = new CompletableFuture<>();
    Thread own = Thread.currentThread();
    executor.execute(
        () -> seen.complete(Thread.currentThread() == own ? "own thread" : caller.get()));
    assertThat(seen.get(1, TimeUnit.MINUTES)).isEqualTo("request 7");
  }
}
