// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.local.DaemonThreads;
import dev.w2s.local.LanguageCallbacks;
import dev.w2s.local.LocalStreamingLanguageModel;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.StreamedLanguageModel;
import dev.w2s.search.Cancellation;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Any language model, streaming or plain, steered as {@link WeakToStrongLanguageModel} steers it,
 * whose text is sent as soon as all hypotheses that survive share it. What was sent is never taken
 * back.
 *
 * <p>All callbacks come from one thread of the builder's executor. If {@code onNext} throws, {@code
 * onError} is told and the stream goes on. What is not guided is streamed by a delegate that
 * streams, on its own threads.
 */
public final class WeakToStrongStreamingLanguageModel implements StreamingLanguageModel {
  private final GuidedText model;
  private final Executor executor;
  private final @Nullable Alone alone;

  private WeakToStrongStreamingLanguageModel(Builder builder) {
    model = builder.guidedText();
    executor = builder.executor;
    StreamingLanguageModel streaming = builder.streaming;
    alone = streaming == null ? null : new Alone(streaming, builder.shown());
  }

  /**
   * A delegate that streams, for calls that are not guided.
   *
   * @param format how it sees a prompt
   */
  private record Alone(StreamingLanguageModel delegate, PromptFormat format) {
    void generate(String prompt, StreamingResponseHandler<String> handler) {
      delegate.generate(format.render(Prompt.of(prompt)).text(), handler);
    }
  }

  /** A builder with the paper's defaults: W, K, L = 4, 4, 5. */
  public static Builder builder() {
    return new Builder();
  }

  /** Searches for the best response and streams it. What fails is told by {@code onError}. */
  @Override
  public void generate(String prompt, StreamingResponseHandler<String> handler) {
    generate(prompt, handler, new Cancellation());
  }

  /**
   * Searches for the best response and streams it.
   *
   * @param cancellation cancels the stream from any thread; no callback follows. What is not guided
   *     is streamed by the delegate, which knows of no cancellation
   */
  public void generate(
      String prompt, StreamingResponseHandler<String> handler, Cancellation cancellation) {
    requireNonNull(handler, "handler");
    if (alone == null) {
      execute(handler, cancellation, text -> model.answer(Prompt.of(prompt), text, cancellation));
    } else if (model.isGuided()) {
      execute(handler, cancellation, text -> model.search(Prompt.of(prompt), text, cancellation));
    } else {
      alone.generate(prompt, handler);
    }
  }

  private void execute(
      StreamingResponseHandler<String> handler,
      Cancellation cancellation,
      Function<TextStream, GuidedAnswer> call) {
    LanguageCallbacks callbacks = new LanguageCallbacks(handler, cancellation::isCancelled);
    executor.execute(() -> callbacks.run(out -> answer(call, new TextStream(out))));
  }

  private static Response<String> answer(Function<TextStream, GuidedAnswer> call, TextStream text) {
    GuidedAnswer answer = call.apply(text);
    text.finish(answer.text());
    return answer.response();
  }

  /**
   * Builds a {@link WeakToStrongStreamingLanguageModel}; the delegate is required, and a guide to
   * choose.
   */
  public static final class Builder extends LanguageGuidanceBuilder<Builder> {
    private Executor executor = DaemonThreads.unbounded("w2s-answer");
    private @Nullable StreamingLanguageModel streaming;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * The frozen large model. The project's own {@link LocalStreamingLanguageModel} is sampled in
     * one batch a round; the answers of any other are waited for.
     */
    public Builder delegate(StreamingLanguageModel delegate) {
      streaming = delegate;
      return delegate instanceof LocalStreamingLanguageModel local
          ? delegate(local.model())
          : delegate(new StreamedLanguageModel(delegate));
    }

    /** Runs the streams; by default daemon threads that end when idle. */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Builds the model.
     *
     * @throws IllegalArgumentException if a value is out of range; if the delegate is missing; if
     *     there is no guide although there is something to choose; if a sampling parameter or
     *     option is set that the delegate cannot be given
     */
    public WeakToStrongStreamingLanguageModel build() {
      return new WeakToStrongStreamingLanguageModel(this);
    }
  }
}
