// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.gateway.admission.Admission;
import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.settings.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class AdmissionTest {
  private static Admission admission(int places, int queue, Duration longest, Executor handing) {
    Duration minute = Duration.ofMinutes(1);
    return new Admission(
        new Limits(
            DataSize.ofMegabytes(1),
            places,
            queue,
            longest,
            minute,
            10,
            10,
            10,
            10,
            minute,
            minute,
            minute,
            minute),
        handing);
  }

  @Test
  void whoWaitsTooLongIsTold() {
    Admission admission = admission(1, 1, Duration.ofMillis(20), Runnable::run);
    Disposable holder = admission.admit(Flux.never()).subscribe();
    List<Throwable> errors = new ArrayList<>();
    try {
      admission.admit(Flux.just("late")).blockLast(Duration.ofSeconds(30));
    } catch (ApiException e) {
      errors.add(e);
    }
    assertThat(errors)
        .singleElement()
        .satisfies(e -> assertThat(((ApiException) e).status()).isEqualTo(503));
    assertThat(admission.waiting()).isZero();
    holder.dispose();
    assertThat(admission.active()).isZero();
  }

  /** First come, first served; a place is given back by an end, an error and a cancellation. */
  @Test
  void placesGoRoundInOrder() {
    Admission admission = admission(1, 10, Duration.ofMinutes(1), Runnable::run);
    List<Sinks.One<String>> answers = new ArrayList<>();
    List<Integer> begun = new ArrayList<>();
    List<Disposable> guests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      Sinks.One<String> answer = Sinks.one();
      answers.add(answer);
      guests.add(
          admission
              .admit(answer.asMono().flux().doOnSubscribe(s -> begun.add(number)))
              .subscribe(text -> {}, error -> {}));
    }
    assertThat(begun).containsExactly(0);
    answers.get(0).tryEmitValue("done");
    assertThat(begun).containsExactly(0, 1);
    answers.get(1).tryEmitError(new IllegalStateException("failed"));
    assertThat(begun).containsExactly(0, 1, 2);
    guests.get(2).dispose();
    assertThat(begun).containsExactly(0, 1, 2, 3);
    answers.get(3).tryEmitEmpty();
    assertThat(admission.active()).isZero();
  }

  /** Guests of all kinds on many threads: never more at a time than there are places, none lost. */
  @Test
  void noPlaceIsLostInARush() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    ExecutorService handing = Executors.newFixedThreadPool(2);
    Admission admission = admission(3, 4000, Duration.ofMinutes(1), handing);
    CountDownLatch ended = new CountDownLatch(16 * 200);
    for (int thread = 0; thread < 16; thread++) {
      Random random = new Random(thread);
      threads.execute(
          () -> {
            for (int i = 0; i < 200; i++) {
              int kind = random.nextInt(3);
              Flux<Integer> answer =
                  Flux.defer(
                      () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        return kind == 0 ? Flux.error(new IllegalStateException()) : Flux.just(1);
                      });
              Disposable guest =
                  admission
                      .admit(answer)
                      .doFinally(signal -> ended.countDown())
                      .subscribe(one -> {}, error -> {});
              if (kind == 2) {
                guest.dispose();
              }
            }
          });
    }
    assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
    threads.shutdown();
    handing.shutdown();
    assertThat(handing.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(most.get()).isBetween(1, 3);
    assertThat(admission.active()).isZero();
    assertThat(admission.waiting()).isZero();
  }
}
