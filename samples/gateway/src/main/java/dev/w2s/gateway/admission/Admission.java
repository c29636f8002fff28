// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.admission;

import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.settings.Limits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Lets so many answers be made at a time. The others wait in the order in which they came, so many
 * and so long; no thread waits with them. Who goes away while it waits loses its place in the line.
 */
public final class Admission {
  private final int places;
  private final int mostWaiting;
  private final Duration longest;
  private final Executor handing;
  private final Deque<Guest> waiting = new ArrayDeque<>();
  private int taken;

  /**
   * As the limits have it.
   *
   * @param handing begins what has waited, so that whoever leaves does not do it within its own
   *     call, and that of the next within that
   */
  public Admission(Limits limits, Executor handing) {
    this.handing = handing;
    places = limits.concurrency();
    mostWaiting = limits.queue();
    longest = limits.queueTime();
  }

  /**
   * Makes an answer once there is a place for it, and holds the place until the answer has ended,
   * failed, or is cancelled. It fails with an {@link ApiException} if too many wait or it takes too
   * long.
   */
  public <T> Flux<T> admit(Flux<T> answer) {
    return Flux.defer(
        () -> {
          Guest guest = new Guest();
          return Mono.<Void>create(sink -> enter(guest, sink))
              .timeout(longest, Mono.error(() -> refused(503, "no place came free in " + longest)))
              .thenMany(answer)
              .doFinally(signal -> leave(guest));
        });
  }

  /** Answers in the making. */
  public synchronized int active() {
    return taken;
  }

  /** Requests that wait. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** One request on its way; all of it is guarded by the lock. */
  private static final class Guest {
    private @Nullable MonoSink<Void> sink;
    private boolean seated;
  }

  private void enter(Guest guest, MonoSink<Void> sink) {
    boolean refused = false;
    synchronized (this) {
      if (taken < places) {
        taken++;
        guest.seated = true;
      } else if (waiting.size() < mostWaiting) {
        guest.sink = sink;
        waiting.add(guest);
        return;
      } else {
        refused = true;
      }
    }
    if (refused) {
      sink.error(refused(429, mostWaiting + " requests are waiting already"));
    } else {
      sink.success();
    }
  }

  /** Whatever became of it: a place in the line is given up, one at the table to the next. */
  private void leave(Guest guest) {
    MonoSink<Void> next = null;
    synchronized (this) {
      if (!guest.seated) {
        waiting.remove(guest);
        return;
      }
      guest.seated = false;
      Guest first = waiting.poll();
      if (first == null) {
        taken--;
      } else {
        first.seated = true;
        next = first.sink;
      }
    }
    if (next != null) {
      handing.execute(next::success);
    }
  }

  private static ApiException refused(int status, String why) {
    return ApiException.busy(
        status, "overloaded", "The server has too much to do: %s. Try again later.".formatted(why));
  }
}
