// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import dev.w2s.model.text.NativeLibraries;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one thread that calls into libtorch for a device.
 *
 * <p>OpenMP keeps a pool of workers per calling thread and TorchScript compiles per thread, so many
 * callers would fight over the cores and compile over and over. A device belongs to the process,
 * and so does its thread: every model on it shares the queue. The thread is a daemon and ends when
 * idle.
 */
final class InferenceThread {
  private static final long IDLE_SECONDS = 60;
  private static final Map<Device, InferenceThread> PER_DEVICE = new ConcurrentHashMap<>();

  private final OpenMp openMp;
  private final ExecutorService executor;
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
  private final ComputeDevice device;
  private final OpenCount programs = new OpenCount();
  private final OpenCount caches = new OpenCount();
  private final OpenCount adapters = new OpenCount();

  private InferenceThread(Device device) {
    engine();
    this.device = ComputeDevice.of(device);
    openMp = OpenMp.choose();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), newThread(device));
    pool.allowCoreThreadTimeOut(true);
    executor = pool;
  }

  /** The thread of a device, with the engine loaded. */
  static InferenceThread of(Device device) {
    return PER_DEVICE.computeIfAbsent(device, InferenceThread::new);
  }

  ComputeDevice device() {
    return device;
  }

  /** Models on the device. */
  OpenCount programs() {
    return programs;
  }

  /** Sessions' caches on the device. */
  OpenCount caches() {
    return caches;
  }

  /** Adapters on the device. */
  OpenCount adapters() {
    return adapters;
  }

  private static ThreadFactory newThread(Device device) {
    return task -> {
      Thread thread = new Thread(task, "w2s-inference-" + device);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Runs a task on the thread and waits for it. An interrupt does not cut the task short, so that
   * its tensors are released in order; it stays pending for the caller.
   *
   * @throws DeviceMemoryException if the device has not the memory for it
   */
  <T> T call(Supplier<T> task) {
    if (inside.get()) {
      return task.get();
    }
    try {
      return CompletableFuture.supplyAsync(() -> runInside(task), executor).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        DeviceMemoryException refused = DeviceMemoryException.of(device, cause);
        if (refused != null) {
          throw refused;
        }
        cause.addSuppressed(new CallerTrace());
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  private <T> T runInside(Supplier<T> task) {
    if (!inside.get()) {
      // A search has a new shape at almost every call, and specialising the graph for each gains
      // nothing (docs/performance.md). The switch is the native thread's own.
      JniUtils.setGraphExecutorOptimize(false);
      openMp.apply();
      inside.set(true);
    }
    return task.get();
  }

  void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  static Engine engine() {
    NativeLibraries.prepare();
    try {
      return OpenMpWaiting.bounding(() -> Engine.getEngine("PyTorch"));
    } catch (EngineException | LinkageError e) {
      throw NativeLibraries.failure("PyTorch", e);
    }
  }

  /** Shows where in the caller's thread a failed task was asked for. */
  private static final class CallerTrace extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CallerTrace() {
      super("called from thread " + Thread.currentThread().getName());
    }
  }
}
