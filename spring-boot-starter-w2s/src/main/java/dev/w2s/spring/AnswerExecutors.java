// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import dev.w2s.local.DaemonThreads;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.util.ClassUtils;

/** What streams and asynchronous calls run on, as the application has its threads. */
final class AnswerExecutors {
  private static final int VIRTUAL_THREADS_SINCE = 21;
  private static final String NAME = "w2s-answer";
  private static final String CONTEXT = "io.micrometer.context.ContextSnapshot";

  private AnswerExecutors() {}

  /**
   * Virtual threads where the application has them, and with the caller's context where there is a
   * library that takes it along.
   *
   * @return null for the library's own threads
   */
  static @Nullable Executor of(Environment environment) {
    boolean virtual =
        environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false)
            && Runtime.version().feature() >= VIRTUAL_THREADS_SINCE;
    boolean propagates = ClassUtils.isPresent(CONTEXT, AnswerExecutors.class.getClassLoader());
    if (!virtual && !propagates) {
      return null;
    }
    Executor threads =
        virtual ? new VirtualThreadTaskExecutor(NAME + "-") : DaemonThreads.unbounded(NAME);
    return propagates ? propagating(threads) : threads;
  }

  private static Executor propagating(Executor threads) {
    ContextPropagatingTaskDecorator decorator = new ContextPropagatingTaskDecorator();
    return task -> threads.execute(decorator.decorate(task));
  }
}
