// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.w2s.local.LocalChat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model in this process as large chat model, whose responses grow chunk by chunk. */
final class LocalLargeChatModel implements LargeChatModel {
  private final Supplier<LocalChat> source;
  private final boolean scoresThinking;

  LocalLargeChatModel(Supplier<LocalChat> source, ChatModelOptions options) {
    LocalLargeModel.refuse("concurrency", options.concurrency());
    LocalLargeModel.refuse("continuation", options.continuation());
    this.source = source;
    scoresThinking = Boolean.TRUE.equals(options.scoresThinking());
  }

  @Override
  public ChatSampler open(ChatCall call) {
    LocalChat chat = source.get();
    LocalChat.Resolved resolved = chat.resolve(call.request());
    Long seed = call.seed() != null ? call.seed() : chat.seed();
    return new LocalChatSampler(
        LocalModelSampler.open(
            chat.model(),
            resolved.prompt(),
            resolved.sampling(),
            seed != null ? seed : ThreadLocalRandom.current().nextLong()),
        chat.model().reference(),
        resolved.thinking(),
        scoresThinking);
  }

  @Override
  public boolean growsResponses() {
    return !scoresThinking || source.get().thinkingTags() == null;
  }

  /** It takes one. */
  @Override
  public void checkSeed(@Nullable Long seed) {}
}
