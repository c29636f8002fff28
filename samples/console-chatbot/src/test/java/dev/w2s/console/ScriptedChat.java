// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.console.chat.Beam;
import dev.w2s.console.chat.Chat;
import dev.w2s.console.chat.Drawing;
import dev.w2s.console.chat.Guides;
import dev.w2s.console.chat.LargeModel;
import dev.w2s.console.chat.NamedGuide;
import dev.w2s.console.chat.Settings;
import dev.w2s.guidance.Guide;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** A conversation with a model that says what is given, steered towards long or towards short. */
public final class ScriptedChat {
  private final ScriptedChatModel model;

  public ScriptedChat(String... texts) {
    this(ScriptedChatModel.saying(texts));
  }

  public ScriptedChat(ScriptedChatModel model) {
    this.model = model;
  }

  /** What it was asked. */
  public List<ChatRequest> requests() {
    return model.requests();
  }

  /** It chooses the longest of two; the guide {@code short} is there and has no weight. */
  public Chat open() {
    Guides guides = new Guides();
    guides.add(new NamedGuide("long", "by length", Guide.of((p, t) -> t.length()), List.of()));
    guides.add(new NamedGuide("short", "by brevity", Guide.of((p, t) -> -t.length()), List.of()));
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("long", 1.0);
    weights.put("short", 0.0);
    return new Chat(
        new Scripted(model),
        guides,
        new Drawing(20, null, null),
        new Settings(true, weights, new Beam(2, 1, 5), null, ""));
  }

  /** One call at a time, so that the script is in order. */
  private record Scripted(ScriptedChatModel model) implements LargeModel {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public WeakToStrongStreamingChatModel.Builder onto(
        WeakToStrongStreamingChatModel.Builder builder, Drawing drawing, Executor executor) {
      return builder.delegate(model).concurrency(1);
    }
  }
}
