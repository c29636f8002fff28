// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Pools of daemon threads that end when idle, so there is nothing to close. */
public final class DaemonThreads {
  private static final long IDLE_SECONDS = 30;

  private DaemonThreads() {}

  /**
   * As many threads as there are tasks at a time.
   *
   * @param name of the threads
   */
  public static ExecutorService unbounded(String name) {
    return pool(0, Integer.MAX_VALUE, new SynchronousQueue<>(), name);
  }

  /**
   * A number of threads; tasks beyond it wait in the order in which they came.
   *
   * @param name of the threads
   */
  public static ExecutorService bounded(String name, int threads) {
    ThreadPoolExecutor pool = pool(threads, threads, new LinkedBlockingQueue<>(), name);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadPoolExecutor pool(
      int core, int most, BlockingQueue<Runnable> queue, String name) {
    return new ThreadPoolExecutor(
        core,
        most,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        queue,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
