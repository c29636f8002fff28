// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.Budget;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of one guided request: LangChain4j's own, a provider's, and how the request is guided.
 * What is not said is as the model was built.
 *
 * <pre>{@code
 * ChatRequest.builder()
 *     .messages(UserMessage.from("How was the movie?"))
 *     .parameters(
 *         WeakToStrongChatRequestParameters.builder().guides("kind").beamWidth(2).build())
 *     .build();
 * }</pre>
 *
 * <p>A provider's parameters go inside, with {@link Builder#delegate}; the delegate receives its
 * own class. A guided model also takes a provider's parameters alone.
 */
public final class WeakToStrongChatRequestParameters extends DefaultChatRequestParameters {
  private final ChatRequestParameters delegate;
  private final CallSettings call;

  WeakToStrongChatRequestParameters(ChatRequestParameters delegate, CallSettings call) {
    super(DefaultChatRequestParameters.builder().overrideWith(delegate));
    this.delegate = delegate;
    this.call = call;
  }

  /** Says nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** The same parameters; those of another class go inside. */
  static WeakToStrongChatRequestParameters of(ChatRequestParameters parameters) {
    return parameters instanceof WeakToStrongChatRequestParameters own
        ? own
        : new WeakToStrongChatRequestParameters(parameters, CallSettings.NONE);
  }

  /** What the delegate receives: its own class, without anything of guidance. */
  public ChatRequestParameters delegateParameters() {
    return delegate;
  }

  CallSettings call() {
    return call;
  }

  WeakToStrongChatRequestParameters withOptions(ChatRequestOptions options) {
    return new WeakToStrongChatRequestParameters(delegate, call.withOptions(options));
  }

  /**
   * These parameters, and where the others say something theirs.
   *
   * @throws IllegalArgumentException if the two carry parameters of different providers
   */
  @Override
  public WeakToStrongChatRequestParameters overrideWith(ChatRequestParameters that) {
    WeakToStrongChatRequestParameters other = of(that);
    ChatRequestParameters merged = delegate.overrideWith(other.delegate);
    Class<?> given = other.delegate.getClass();
    if (given != DefaultChatRequestParameters.class && !given.isInstance(merged)) {
      throw new IllegalArgumentException(
          "parameters are of type %s; the delegate's are of type %s, which would lose them"
              .formatted(given.getName(), delegate.getClass().getName()));
    }
    return new WeakToStrongChatRequestParameters(merged, other.call.defaultedBy(call));
  }

  @Override
  public WeakToStrongChatRequestParameters defaultedBy(ChatRequestParameters that) {
    return of(that).overrideWith(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WeakToStrongChatRequestParameters that
        && delegate.equals(that.delegate)
        && call.equals(that.call);
  }

  @Override
  public int hashCode() {
    return Objects.hash(delegate, call);
  }

  @Override
  public String toString() {
    return "WeakToStrongChatRequestParameters{delegate=" + delegate + ", guidance=" + call + "}";
  }

  /** Builds {@link WeakToStrongChatRequestParameters}; null leaves a value to the model. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private @Nullable ChatRequestParameters delegate;
    private @Nullable Boolean guided;
    private @Nullable Map<String, @Nullable Double> guides;
    private @Nullable List<WeightedGuide> more;
    private BeamOverride beam = BeamOverride.NONE;
    private @Nullable Budget budget;
    private @Nullable Guard guard;
    private @Nullable Long seed;
    private @Nullable Boolean trace;
    private @Nullable SearchListener listener;
    private @Nullable Cancellation cancellation;

    private Builder() {}

    /** A provider's parameters. LangChain4j's own that are set here take precedence over theirs. */
    public Builder delegate(@Nullable ChatRequestParameters parameters) {
      delegate = parameters;
      return this;
    }

    /** False sends the request to the delegate as it is. */
    public Builder guided(@Nullable Boolean guided) {
      this.guided = guided;
      return this;
    }

    /** Only these guides steer, each with the weight that the model was built with. */
    public Builder guides(String... names) {
      guides = new LinkedHashMap<>();
      for (String name : names) {
        guides.put(requireNonNull(name, "name"), null);
      }
      return this;
    }

    /** Only these guides steer, by name, with these weights. */
    public Builder guides(@Nullable Map<String, Double> weights) {
      guides = weights == null ? null : new LinkedHashMap<>(weights);
      return this;
    }

    /**
     * Adds a guide that steers this request alone, beside the model's own as far as {@link
     * #guides(Map)} leaves them. It stays the caller's, who closes it when the request has ended.
     *
     * @param name tells it from others, the model's own included
     * @throws IllegalArgumentException if the name is blank, or the weight zero or not finite
     */
    public Builder guide(String name, Guide guide, double weight) {
      more = more == null ? new ArrayList<>() : new ArrayList<>(more);
      more.add(new WeightedGuide(name, guide, weight));
      return this;
    }

    /** W, hypotheses kept after each round. */
    public Builder beamWidth(@Nullable Integer beamWidth) {
      beam = beam.withBeamWidth(beamWidth);
      return this;
    }

    /** K, continuations drawn for each kept hypothesis. */
    public Builder successors(@Nullable Integer successors) {
      beam = beam.withSuccessors(successors);
      return this;
    }

    /** L, tokens of a chunk. */
    public Builder chunkLength(@Nullable Integer chunkLength) {
      beam = beam.withChunkLength(chunkLength);
      return this;
    }

    /** Tokens behind the head of the beam at which it commits to its best hypothesis. */
    public Builder commitLag(@Nullable Integer commitLag) {
      beam = beam.withCommitLag(commitLag);
      return this;
    }

    /** What the search may cost. */
    public Builder budget(@Nullable Budget budget) {
      this.budget = budget;
      return this;
    }

    /** What chooses among the hypotheses of a round. */
    public Builder guard(@Nullable Guard guard) {
      this.guard = guard;
      return this;
    }

    /** Same seed and request, same response, of a delegate that takes one with a call. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Whether {@link WeakToStrongChatResponse#trace()} keeps every round; it does not by default.
     */
    public Builder trace(@Nullable Boolean trace) {
      this.trace = trace;
      return this;
    }

    /**
     * Told of every round of this request's search as it is done, on the searching thread, after
     * the listeners that the model was built with; what it throws is logged and ignored.
     */
    public Builder listener(@Nullable SearchListener listener) {
      this.listener = listener;
      return this;
    }

    /** Cancels the call from any thread, also before the first text of a stream. */
    public Builder cancellation(@Nullable Cancellation cancellation) {
      this.cancellation = cancellation;
      return this;
    }

    /** Takes over what other parameters say, a provider's own included. */
    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      WeakToStrongChatRequestParameters other = of(parameters);
      delegate = delegate == null ? other.delegate : delegate.overrideWith(other.delegate);
      take(other.call.defaultedBy(call()));
      return this;
    }

    private void take(CallSettings settings) {
      guided = settings.guided();
      guides = settings.guides();
      more = settings.more();
      beam = settings.beam();
      budget = settings.budget();
      guard = settings.guard();
      seed = settings.seed();
      trace = settings.trace();
      listener = settings.listener();
      cancellation = settings.cancellation();
    }

    private CallSettings call() {
      return new CallSettings(
          guided,
          guides,
          more,
          beam,
          budget,
          guard,
          seed,
          trace,
          listener,
          cancellation,
          /* options= */ null);
    }

    @Override
    public WeakToStrongChatRequestParameters build() {
      ChatRequestParameters common = super.build();
      return new WeakToStrongChatRequestParameters(
          delegate == null ? common : delegate.overrideWith(common), call());
    }
  }
}
