// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNullElse;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Any LangChain4j chat model as large model, by whole responses. */
final class AnyChatModel implements LargeChatModel {
  private final ChatDelegate delegate;
  private final ToIntFunction<String> length;
  private final boolean scoresThinking;
  private final ParallelCalls calls;

  AnyChatModel(ChatDelegate delegate, ChatModelOptions options) {
    this.delegate = delegate;
    length = options.length();
    scoresThinking = requireNonNullElse(options.scoresThinking(), false);
    calls =
        new ParallelCalls(
            requireNonNullElse(options.concurrency(), ChatModelOptions.DEFAULT_CONCURRENCY));
  }

  @Override
  public ChatSampler open(ChatCall call) {
    checkSeed(call.seed());
    return new WholeResponseSampler(delegate, call, length, scoresThinking, calls);
  }

  @Override
  public boolean growsResponses() {
    return false;
  }

  @Override
  public void checkSeed(@Nullable Long seed) {
    if (seed != null) {
      throw new IllegalArgumentException(
          "seed is %s; a delegate of type %s takes none with a call, so set it there"
              .formatted(seed, delegate.model().getClass().getName()));
    }
  }
}
