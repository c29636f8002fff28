// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

  /** As many tasks that wait for each other, each of which tells its thread. */
  private static List<Thread> together(ExecutorService pool, int tasks)
      throws InterruptedException, ExecutionException, TimeoutException {
    CyclicBarrier all = new CyclicBarrier(tasks);
    Callable<Thread> task =
        () -> {
          all.await(1, TimeUnit.MINUTES);
          return Thread.currentThread();
        };
    List<Future<Thread>> running = Stream.generate(() -> pool.submit(task)).limit(tasks).toList();
    List<Thread> threads = new ArrayList<>();
    for (Future<Thread> one : running) {
      threads.add(one.get(1, TimeUnit.MINUTES));
    }
    return threads;
  }

  @Test
  void threadsAreNamedDaemonsAsManyAsThereAreTasks() throws Exception {
    ExecutorService pool = DaemonThreads.unbounded("w2s-test");
    assertThat(together(pool, 5))
        .doesNotHaveDuplicates()
        .allMatch(Thread::isDaemon)
        .allMatch(thread -> thread.getName().equals("w2s-test"));
    pool.shutdown();
  }

  @Test
  void boundedOnesRunSoManyTasksAtATimeAndTheOthersInTheirOrder() throws Exception {
    ExecutorService pool = DaemonThreads.bounded("w2s-test", 2);
    assertThat(together(pool, 2)).doesNotHaveDuplicates().allMatch(Thread::isDaemon);
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> order = new CopyOnWriteArrayList<>();
    Future<Boolean> busy = pool.submit(() -> go.await(1, TimeUnit.MINUTES));
    List<Future<?>> waiting =
        Stream.<Integer>iterate(0, i -> i + 1)
            .limit(3)
            .<Future<?>>map(i -> pool.submit(() -> order.add(i)))
            .toList();
    for (Future<?> one : waiting) {
      one.get(1, TimeUnit.MINUTES);
    }
    go.countDown();
    assertThat(busy.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(order).containsExactly(0, 1, 2);
    pool.shutdown();
  }

  /** There is nothing to close, since threads end where there is nothing to do. */
  @Test
  void idleThreadsEnd() {
    for (ExecutorService pool :
        List.of(DaemonThreads.unbounded("w2s-test"), DaemonThreads.bounded("w2s-test", 2))) {
      ThreadPoolExecutor threads = (ThreadPoolExecutor) pool;
      assertThat(threads.getCorePoolSize() == 0 || threads.allowsCoreThreadTimeOut()).isTrue();
      assertThat(threads.getKeepAliveTime(TimeUnit.SECONDS)).isEqualTo(30);
    }
  }
}
