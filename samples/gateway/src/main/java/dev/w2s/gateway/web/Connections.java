// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import dev.w2s.gateway.settings.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerState;

/**
 * Keeps clients from holding connections for nothing: there are so many at a time, one without a
 * request has to bring one soon, byte by byte or not, and one that has something to read has to
 * read.
 */
final class Connections {
  private static final AttributeKey<ScheduledFuture<?>> PATIENCE =
      AttributeKey.valueOf(Connections.class, "patience");

  private final AtomicInteger open = new AtomicInteger();
  private final Limits limits;

  Connections(Limits limits) {
    this.limits = limits;
  }

  /** How many there are. */
  int open() {
    return open.get();
  }

  HttpServer guard(HttpServer server) {
    return server
        .doOnChannelInit((observer, channel, address) -> opened(channel))
        .childObserve(this::changed);
  }

  private void opened(Channel channel) {
    boolean tooMany = open.incrementAndGet() > limits.connections();
    ChannelFuture closed = channel.closeFuture();
    closed.addListener(end -> open.decrementAndGet());
    if (tooMany) {
      close(channel);
      return;
    }
    channel
        .pipeline()
        .addFirst(new WriteTimeoutHandler(limits.writeTime().toMillis(), TimeUnit.MILLISECONDS));
    await(channel);
  }

  private void changed(Connection connection, ConnectionObserver.State state) {
    if (state == HttpServerState.REQUEST_RECEIVED) {
      await(connection.channel(), null);
    } else if (state == ConnectionObserver.State.DISCONNECTING) {
      await(connection.channel());
    }
  }

  /** On the channel's own thread, as all that happens to it. */
  private void await(Channel channel) {
    Runnable close = () -> close(channel);
    await(
        channel,
        channel.eventLoop().schedule(close, limits.idle().toMillis(), TimeUnit.MILLISECONDS));
  }

  private static void close(Channel channel) {
    ChannelFuture unused = channel.close();
  }

  private static void await(Channel channel, @Nullable ScheduledFuture<?> patience) {
    ScheduledFuture<?> before = channel.attr(PATIENCE).getAndSet(patience);
    if (before != null) {
      before.cancel(false);
    }
  }
}
