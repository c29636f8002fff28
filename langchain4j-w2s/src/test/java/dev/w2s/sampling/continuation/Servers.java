// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import dev.w2s.server.JsonServer;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerAddress;
import dev.w2s.server.Transport.Reply;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.CompletionsWorld.Answer;
import java.time.Duration;

/** Servers without a network. */
final class Servers {
  private Servers() {}

  /** One that answers as a world does, and is asked once. */
  static JsonServer of(ChatWorld world) {
    return new JsonServer(
        new ServerAddress("http://a/v1"),
        (uri, headers, body, timeout) -> {
          Answer answer = world.answer(uri.getPath(), body);
          return new Reply(answer.status(), "", answer.body());
        },
        RetryPolicy.never(),
        Duration.ofSeconds(1),
        pause -> {});
  }
}
