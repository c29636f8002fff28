// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.w2s.local.LocalChatBuilder;
import dev.w2s.local.LocalChatModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.model.CausalModel;
import dev.w2s.prompt.PromptOptions;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Local models over a tiny one that knows the suites' answers by heart; see {@code parrot.py}. */
final class Parrot {
  private static final CausalModel MODEL = CausalModel.load(directory().toString());

  private static final PromptOptions RAISES =
      PromptOptions.defaults().withChatTemplate("{{ raise_exception('no') }}");

  private Parrot() {}

  static LocalChatModel chat(ChatModelListener... listeners) {
    return settings(LocalChatModel.builder(), listeners).build();
  }

  static LocalStreamingChatModel streaming(ChatModelListener... listeners) {
    return settings(LocalStreamingChatModel.builder(), listeners).build();
  }

  static LocalChatModel chat(ChatRequestParameters defaults) {
    return settings(LocalChatModel.builder(), defaults).build();
  }

  static LocalStreamingChatModel streaming(ChatRequestParameters defaults) {
    return settings(LocalStreamingChatModel.builder(), defaults).build();
  }

  private static <B extends LocalChatBuilder<B>> B settings(
      B builder, ChatRequestParameters defaults) {
    List<String> stop = defaults.stopSequences();
    return settings(builder)
        .maxTokens(defaults.maxOutputTokens())
        .stop(stop.isEmpty() ? null : stop);
  }

  /** One whose template refuses every conversation. */
  static LocalChatModel failingChat(ChatModelListener listener) {
    return settings(LocalChatModel.builder(), listener).promptOptions(RAISES).build();
  }

  /** One whose template refuses every conversation. */
  static LocalStreamingChatModel failingStreaming(ChatModelListener listener) {
    return settings(LocalStreamingChatModel.builder(), listener).promptOptions(RAISES).build();
  }

  private static <B extends LocalChatBuilder<B>> B settings(
      B builder, ChatModelListener... listeners) {
    return builder
        .model(MODEL)
        .temperature(0.0)
        .topP(0.9)
        .maxTokens(64)
        .listeners(List.of(listeners));
  }

  private static Path directory() {
    try {
      return Path.of(Parrot.class.getResource("/parrot").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
