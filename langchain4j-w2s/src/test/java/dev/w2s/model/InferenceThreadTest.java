// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InferenceThreadTest {
  private final InferenceThread inference = InferenceThread.of(Device.cpu());

  private static String failing() {
    throw new IllegalArgumentException("the task's own");
  }

  @Test
  void aDeviceHasOneThread() {
    assertThat(InferenceThread.of(Device.cpu())).isSameAs(inference);
    assertThat(inference.device().device()).isEqualTo(Device.cpu());
    Thread first = inference.call(Thread::currentThread);
    assertThat(first).isNotSameAs(Thread.currentThread());
    assertThat(first.isDaemon()).as("keeps no JVM alive").isTrue();
    assertThat(inference.call(Thread::currentThread)).isSameAs(first);
  }

  /** A task that waited for the thread it runs on would wait for ever. */
  @Test
  void aTaskMayCallAgain() {
    Thread outer = inference.call(Thread::currentThread);
    Thread inner =
        inference.call(() -> inference.call(() -> inference.call(Thread::currentThread)));
    assertThat(inner).isSameAs(outer);
  }

  @Test
  void anExceptionShowsWhoAsked() {
    assertThatThrownBy(() -> inference.call(InferenceThreadTest::failing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the task's own")
        .satisfies(
            thrown -> {
              assertThat(methods(thrown))
                  .contains("failing")
                  .doesNotContain("anExceptionShowsWhoAsked");
              assertThat(thrown.getSuppressed()).hasSize(1);
              Throwable caller = thrown.getSuppressed()[0];
              assertThat(caller).hasMessageContaining(Thread.currentThread().getName());
              assertThat(methods(caller))
                  .anyMatch(name -> name.contains("anExceptionShowsWhoAsked"));
            });
  }

  /** More than 47 bits can address, whatever the system promises. */
  @Test
  void whatDoesNotFitIsToldWithItsSizeAndTheThreadGoesOn() {
    assertThatThrownBy(() -> inference.call(() -> ones(new Shape(1L << 46))))
        .isInstanceOf(DeviceMemoryException.class)
        .hasMessageStartingWith("cpu has no room for another 281474976710656 bytes; fewer bits")
        .hasCauseInstanceOf(EngineException.class);
    assertThat(inference.call(() -> ones(new Shape(3)))).isEqualTo(3);
  }

  private static long ones(Shape shape) {
    try (NDManager manager = InferenceThread.engine().newBaseManager(Device.cpu())) {
      return manager.ones(shape).size();
    }
  }

  @Test
  void weightsThatNoWaitingMakesFitAreRefused() {
    ComputeDevice cpu = ComputeDevice.of(Device.cpu());
    assertThatThrownBy(() -> DeviceMemoryException.requireRoom("a/model", cpu, 1L << 60))
        .isInstanceOf(DeviceMemoryException.class)
        .hasMessageMatching(
            "the weights of a/model need 1,152,921,504,606,846,976 bytes on cpu, which has [\\d,]+;"
                + " fewer bits .*");
    DeviceMemoryException.requireRoom("a/model", cpu, 1 << 20);
  }

  /** As CUDA's allocator words it. */
  @Test
  void cudaSaysHowMuchItWasAskedFor() {
    ComputeDevice gpu = new ComputeDevice(Device.gpu(1), Processor.UNKNOWN);
    EngineException thrown =
        new EngineException("CUDA out of memory. Tried to allocate 2.50 GiB. GPU 1 has a total");
    assertThat(DeviceMemoryException.of(gpu, thrown))
        .hasMessageStartingWith("cuda:1 has no room for another 2.50 GiB; fewer bits");
    assertThat(DeviceMemoryException.of(gpu, new EngineException("index out of range"))).isNull();
  }

  private static List<String> methods(Throwable thrown) {
    return List.of(thrown.getStackTrace()).stream().map(StackTraceElement::getMethodName).toList();
  }

  @Test
  void anErrorComesThroughAndTheThreadGoesOn() {
    AssertionError error = new AssertionError("the task's own");
    assertThatThrownBy(
            () ->
                inference.run(
                    () -> {
                      throw error;
                    }))
        .isSameAs(error);
    assertThat(inference.call(() -> 7)).isEqualTo(7);
  }

  @Test
  void anInterruptCutsNoTaskShortAndStaysPending() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean endedBeforeReturn = new AtomicBoolean();
    AtomicBoolean pending = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              inference.run(
                  () -> {
                    started.countDown();
                    await(mayEnd);
                    ended.set(true);
                  });
              endedBeforeReturn.set(ended.get());
              pending.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    started.await();
    caller.interrupt();
    mayEnd.countDown();
    caller.join();
    assertThat(endedBeforeReturn).isTrue();
    assertThat(pending).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("the caller's interrupt is not the task's", e);
    }
  }

  @Test
  void tasksOfManyThreadsRunOnTheOneThread() {
    Thread expected = inference.call(Thread::currentThread);
    List<CompletableFuture<Thread>> tasks =
        IntStream.range(0, 200)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> inference.call(Thread::currentThread)))
            .toList();
    assertThat(tasks).allSatisfy(task -> assertThat(task.join()).isSameAs(expected));
  }
}
