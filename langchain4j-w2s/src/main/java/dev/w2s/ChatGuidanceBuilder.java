// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.DaemonThreads;
import dev.w2s.sampling.ChatDelegate;
import dev.w2s.sampling.ChatModelOptions;
import dev.w2s.sampling.LargeChatModel;
import dev.w2s.sampling.SamplingRequest;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of both chat decorators take beside {@link GuidanceBuilder}'s.
 *
 * @param <B> the builder itself
 */
public abstract class ChatGuidanceBuilder<B extends ChatGuidanceBuilder<B>>
    extends GuidanceBuilder<B> {
  private @Nullable ChatDelegate delegate;
  private List<ChatModelListener> listeners = List.of();
  private @Nullable Boolean scoreThinking;
  private @Nullable Integer concurrency;
  private Executor executor = DaemonThreads.unbounded("w2s-answer");

  ChatGuidanceBuilder() {}

  B delegate(ChatDelegate delegate) {
    this.delegate = delegate;
    return self();
  }

  /**
   * LangChain4j's listeners, told once of every guided request with its merged parameters. Those of
   * the delegate are told of its calls, up to W·K for a request.
   */
  public B listeners(List<ChatModelListener> listeners) {
    this.listeners = List.copyOf(listeners);
    return self();
  }

  /** Whether guides judge the delegate's thinking in front of its text; they do not by default. */
  public B scoreThinking(@Nullable Boolean scoreThinking) {
    this.scoreThinking = scoreThinking;
    return self();
  }

  /**
   * Calls at a time, over all searches, of a delegate that is not local; 4 by default. Set 1 for
   * one that is not safe for use by several threads.
   */
  public B concurrency(@Nullable Integer concurrency) {
    this.concurrency = concurrency;
    return self();
  }

  /** Runs streams and asynchronous calls; by default daemon threads that end when idle. */
  public B executor(Executor executor) {
    this.executor = requireNonNull(executor, "executor");
    return self();
  }

  GuidedChat guidedChat() {
    if (delegate == null) {
      throw new IllegalArgumentException("delegate is missing; it must be given");
    }
    GuidancePair pair = firstPair();
    ChatModelOptions options =
        new ChatModelOptions(
            text -> pair == null ? 0 : pair.tokenizer().countTokens(text),
            scoreThinking,
            concurrency);
    LargeChatModel large = LargeChatModel.of(delegate, options);
    SamplingRequest sampling = samplingRequest();
    large.checkSeed(sampling.seed());
    return new GuidedChat(
        delegate, large, guidance(null), defaults(sampling), listeners, listener(), executor);
  }

  private ChatRequestParameters defaults(SamplingRequest sampling) {
    return WeakToStrongChatRequestParameters.builder()
        .temperature(sampling.temperature())
        .topK(sampling.topK())
        .topP(sampling.topP())
        .stopSequences(sampling.stop())
        .maxOutputTokens(ownMaxTokens())
        .seed(sampling.seed())
        .build();
  }
}
