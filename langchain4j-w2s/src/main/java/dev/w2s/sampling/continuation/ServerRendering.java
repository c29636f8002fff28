// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import dev.w2s.prompt.Prompt;
import dev.w2s.server.Input;
import dev.w2s.server.PromptRenderer;
import dev.w2s.server.PromptRenderer.Way;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a server render conversations, in the way that it has been found to know. Safe for use by
 * several threads.
 */
public final class ServerRendering {
  private static final Logger LOG = LoggerFactory.getLogger(ServerRendering.class);

  private final String name;
  private final PromptRenderer renderer;
  private volatile List<Way> ways = List.of(Way.values());

  /**
   * @param name of the model, in messages
   */
  public ServerRendering(String name, PromptRenderer renderer) {
    this.name = name;
    this.renderer = renderer;
  }

  /** The conversation as the model reads it; empty where the server cannot tell. */
  public Optional<Input> render(Prompt.Conversation conversation) {
    for (Way way : ways) {
      Optional<Input> rendered = renderer.render(way, Messages.json(conversation));
      if (rendered.isPresent()) {
        ways = List.of(way);
        return rendered;
      }
    }
    if (!ways.isEmpty()) {
      LOG.info("{} does not tell how its model reads a conversation; its chat is asked", name);
    }
    ways = List.of();
    return Optional.empty();
  }

  /** 1 once the server has been found not to render. */
  public int fallbacks() {
    return ways.isEmpty() ? 1 : 0;
  }
}
