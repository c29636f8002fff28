// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import dev.w2s.server.Input;
import dev.w2s.server.JsonServer;
import dev.w2s.server.PromptRenderer;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import dev.w2s.testkit.Logged;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How it is found out in which way a server renders conversations. */
class ServerRenderingTest {
  private static final Prompt.Conversation QUESTION =
      new Prompt.Conversation(List.of(new Turn("user", "How was it?")));

  private static ChatWorld world(Temperament... ways) {
    return new ChatWorld("Good.", new Random(5), ways);
  }

  private static ServerRendering rendering(ChatWorld world) {
    JsonServer server = Servers.of(world);
    return new ServerRendering("http://a/v1#base", new PromptRenderer(server, "base"));
  }

  private static List<String> paths(ChatWorld world) {
    return world.requests().stream()
        .map(request -> request.substring(0, request.indexOf(' ')))
        .toList();
  }

  @Test
  void theWayThatAServerKnowsIsTheOnlyOneThatItIsAskedForLater() {
    ChatWorld world = world(Temperament.APPLIES_TEMPLATE);
    ServerRendering rendering = rendering(world);
    Input rendered = new Input("<user>", null, /* rendered= */ true);
    assertThat(rendering.render(QUESTION)).contains(rendered);
    assertThat(rendering.render(QUESTION)).contains(rendered);
    assertThat(paths(world)).containsExactly("/tokenize", "/apply-template", "/apply-template");
    assertThat(rendering.fallbacks()).isZero();
  }

  @Test
  void aServerThatRendersNothingIsAskedAndToldOfOnce() {
    ChatWorld world = world();
    ServerRendering rendering = rendering(world);
    assertThat(Logged.during(() -> assertThat(rendering.render(QUESTION)).isEmpty()))
        .singleElement()
        .asString()
        .endsWith(
            "http://a/v1#base does not tell how its model reads a conversation; its chat is asked");
    assertThat(Logged.during(() -> assertThat(rendering.render(QUESTION)).isEmpty())).isEmpty();
    assertThat(paths(world)).containsExactly("/tokenize", "/apply-template");
    assertThat(rendering.fallbacks()).isOne();
  }
}
