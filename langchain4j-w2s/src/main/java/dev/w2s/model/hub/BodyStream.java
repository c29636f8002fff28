// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, piece by piece as it arrives and no faster than it is asked for. Unlike
 * the stream of the JDK, it gives up when nothing comes for a while and when its thread is
 * interrupted.
 */
final class BodyStream implements BodySubscriber<BodyStream>, AutoCloseable {
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile @Nullable Subscription source;
  private volatile boolean closed;

  /**
   * The next piece.
   *
   * @param longest time to wait for it
   * @return empty at the end
   * @throws IOException if the connection is cut or nothing comes
   */
  List<ByteBuffer> next(Duration longest) throws IOException, InterruptedException {
    Event event = events.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    if (event == null) {
      throw new HttpTimeoutException("nothing came for " + longest.toMillis() / 1000.0 + " s");
    }
    if (event.failure() != null) {
      throw new IOException(event.failure().getMessage(), event.failure());
    }
    Subscription more = source;
    if (more != null && !event.piece().isEmpty()) {
      more.request(1);
    }
    return event.piece();
  }

  @Override
  public CompletionStage<BodyStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    source = subscription;
    if (closed) {
      subscription.cancel();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> piece) {
    events.add(new Event(piece, null));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event(List.of(), failure));
  }

  @Override
  public void onComplete() {
    events.add(new Event(List.of(), null));
  }

  /** Reads no more; the connection of an unfinished body is closed. */
  @Override
  public void close() {
    closed = true;
    Subscription open = source;
    if (open != null) {
      open.cancel();
    }
  }

  private record Event(List<ByteBuffer> piece, @Nullable Throwable failure) {}
}
