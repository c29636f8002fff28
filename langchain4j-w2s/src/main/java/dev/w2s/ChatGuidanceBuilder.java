// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.w2s.guidance.Pair;
import dev.w2s.local.DaemonThreads;
import dev.w2s.sampling.ChatDelegate;
import dev.w2s.sampling.ChatModelOptions;
import dev.w2s.sampling.LargeChatModel;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.sampling.SamplingRequest;
import dev.w2s.sampling.continuation.Continuation;
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
  private @Nullable OpenAiCompatible server;
  private List<ChatModelListener> listeners = List.of();
  private boolean delegateListeners = true;
  private @Nullable Boolean scoreThinking;
  private @Nullable Integer concurrency;
  private @Nullable Continuation continuation;
  private Executor executor = DaemonThreads.unbounded("w2s-answer");

  ChatGuidanceBuilder() {}

  B delegate(ChatDelegate delegate) {
    this.delegate = delegate;
    return self();
  }

  /**
   * The frozen large model in place of a delegate, behind a server that lets its answers be
   * continued exactly. How it is asked, and by how many calls at a time, is set in its own builder.
   * What is not guided comes in one piece, streamed or not.
   */
  public B largeModel(OpenAiCompatible server) {
    this.server = server;
    return self();
  }

  /**
   * How a delegate that is not local is made to go on with an answer that it has begun, so that
   * answers grow chunk by chunk. {@link Continuation#WHOLE} by default: what a model of unknown
   * make does is never guessed. {@link Continuation#AUTO} finds it out before the first search, by
   * two or three short calls. Where tools are offered answers are whole always.
   */
  public B continuation(@Nullable Continuation continuation) {
    this.continuation = continuation;
    return self();
  }

  /**
   * LangChain4j's listeners, told once of every guided request with its merged parameters. Those of
   * the delegate are told of its calls, up to W·K for a request, unless {@link #delegateListeners}
   * says otherwise.
   */
  public B listeners(List<ChatModelListener> listeners) {
    this.listeners = List.copyOf(listeners);
    return self();
  }

  /**
   * Whether the delegate's own listeners are told of its calls; they are by default. A delegate
   * that overrides {@code chat} itself and not {@code doChat} tells them always.
   */
  public B delegateListeners(boolean told) {
    delegateListeners = told;
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
    ChatDelegate given = server == null ? delegate : server.delegate();
    if (given == null) {
      throw new IllegalArgumentException("delegate is missing; it must be given");
    }
    ChatDelegate answering = delegateListeners ? given : given.silent();
    LargeChatModel large = server == null ? LargeChatModel.of(answering, options()) : alone(server);
    SamplingRequest sampling = samplingRequest();
    large.checkSeed(sampling.seed());
    return new GuidedChat(
        answering,
        large,
        guidance(null),
        defaults(sampling),
        listeners,
        listener(),
        executor,
        guidedWhile());
  }

  private ChatModelOptions options() {
    Pair pair = firstPair();
    return new ChatModelOptions(
        text -> pair == null ? 0 : pair.tokenizer().countTokens(text),
        scoreThinking,
        concurrency,
        continuation);
  }

  /** What it would not be told is refused. */
  private LargeChatModel alone(OpenAiCompatible large) {
    refuse("delegate", delegate, large);
    refuse("scoreThinking", scoreThinking, large);
    refuse("concurrency", concurrency, large);
    refuse("continuation", continuation, large);
    return large;
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
