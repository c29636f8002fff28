// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.w2s.server.RetryPolicy;
import dev.w2s.server.Transport.Reply;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.CompletionsWorld.Answer;

/** Large models in worlds of the tests' own, without a network. */
final class Worlds {
  private Worlds() {}

  static OpenAiCompatible.Builder model(ChatWorld world) {
    return OpenAiCompatible.builder()
        .baseUrl("http://a/v1")
        .modelName("base")
        .retries(RetryPolicy.never())
        .transport(
            (uri, headers, body, timeout) -> {
              Answer answer = world.answer(uri.getPath(), body);
              return new Reply(answer.status(), "", answer.body());
            });
  }
}
