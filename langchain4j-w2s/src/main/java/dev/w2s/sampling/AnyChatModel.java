// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.w2s.model.StopStrings;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.sampling.calls.RequestSeeds;
import dev.w2s.sampling.calls.ServedModel;
import dev.w2s.sampling.calls.ServedModel.Limits;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.sampling.continuation.ContinuedChat;
import dev.w2s.sampling.continuation.ContinuedSampler;
import dev.w2s.search.SearchSettings;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Any LangChain4j chat model as large model, by whole responses. */
final class AnyChatModel implements LargeChatModel {
  private final ChatDelegate delegate;
  private final ToIntFunction<String> length;
  private final boolean scoresThinking;
  private final ParallelCalls calls;
  private final @Nullable ContinuedChat continued;

  AnyChatModel(ChatDelegate delegate, ChatModelOptions options) {
    this.delegate = delegate;
    length = options.length();
    scoresThinking = requireNonNullElse(options.scoresThinking(), false);
    int concurrency =
        requireNonNullElse(options.concurrency(), ChatModelOptions.DEFAULT_CONCURRENCY);
    calls = new ParallelCalls(concurrency, null);
    continued = continued(delegate, options.continuation(), calls);
  }

  private static @Nullable ContinuedChat continued(
      ChatDelegate delegate, @Nullable Continuation wanted, ParallelCalls calls) {
    if (wanted == null || wanted == Continuation.WHOLE) {
      return null;
    }
    if (wanted != Continuation.AUTO && !DelegateChat.WAYS.contains(wanted)) {
      throw new IllegalArgumentException(
          "continuation is %s; a delegate of type %s cannot be asked so, only by AUTO or %s"
              .formatted(wanted, delegate.model().getClass().getName(), DelegateChat.WAYS));
    }
    String name = delegate.model().getClass().getName();
    return new ContinuedChat(new ServedModel(name, calls, Limits.CALL), wanted);
  }

  @Override
  public ChatSampler open(ChatCall call) {
    checkSeed(call.seed());
    ChatRequestParameters asked = call.request().parameters();
    if (continued != null && !continued.answersWhole() && asked.toolSpecifications().isEmpty()) {
      MeteredSampler sampler =
          new ContinuedSampler(
              continued,
              new DelegateChat(delegate, call),
              new StopStrings(asked.stopSequences()),
              new RequestSeeds(null),
              requireNonNullElse(asked.maxOutputTokens(), SearchSettings.UNLIMITED));
      return new TextChatSampler(sampler, modelName(asked));
    }
    return new WholeResponseSampler(delegate, call, length, scoresThinking, calls);
  }

  private String modelName(ChatRequestParameters asked) {
    return requireNonNullElse(asked.modelName(), delegate.model().getClass().getSimpleName());
  }

  @Override
  public boolean growsResponses() {
    return continued != null;
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
