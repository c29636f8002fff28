// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptOptions;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of both local chat models take. Null stands for the default.
 *
 * @param <B> the builder itself
 */
public abstract class LocalChatBuilder<B extends LocalChatBuilder<B>> {
  /** Most tokens of a response where nobody says otherwise. */
  public static final int DEFAULT_MAX_TOKENS = 512;

  private final SamplingParameters defaults = SamplingParameters.DEFAULT;
  private @Nullable Supplier<CausalModel> model;
  private boolean late;
  private PromptOptions promptOptions = PromptOptions.defaults();
  private @Nullable Double temperature;
  private @Nullable Integer topK;
  private @Nullable Double topP;
  private @Nullable Double frequencyPenalty;
  private @Nullable Double presencePenalty;
  private @Nullable List<String> stop;
  private @Nullable Integer maxTokens;
  private @Nullable Long seed;
  private @Nullable ThinkingTags thinkingTags;
  private List<ChatModelListener> listeners = List.of();

  LocalChatBuilder() {}

  abstract B self();

  /** The model, which stays the caller's; required. */
  public B model(@Nullable CausalModel model) {
    this.model = model == null ? null : () -> model;
    late = false;
    return self();
  }

  /**
   * The model where it is not there yet: asked for by the first call, and by each one until it is
   * given. It stays the caller's.
   */
  public B model(Supplier<CausalModel> model) {
    this.model = model;
    late = true;
    return self();
  }

  /** How the model is shown conversations; by default through its own chat template. */
  public B promptOptions(@Nullable PromptOptions promptOptions) {
    this.promptOptions = requireNonNullElse(promptOptions, PromptOptions.defaults());
    return self();
  }

  /** Temperature, 0 for the likeliest token always; 1 by default. */
  public B temperature(@Nullable Double temperature) {
    this.temperature = temperature;
    return self();
  }

  /** Draws among so many likeliest tokens; 0, the default, for all. */
  public B topK(@Nullable Integer topK) {
    this.topK = topK;
    return self();
  }

  /** Draws among the likeliest tokens of this mass; 1 by default. */
  public B topP(@Nullable Double topP) {
    this.topP = topP;
    return self();
  }

  /** Taken from a token's logit for each time that the response holds it; 0 by default. */
  public B frequencyPenalty(@Nullable Double frequencyPenalty) {
    this.frequencyPenalty = frequencyPenalty;
    return self();
  }

  /** Taken once from the logit of each token that the response holds; 0 by default. */
  public B presencePenalty(@Nullable Double presencePenalty) {
    this.presencePenalty = presencePenalty;
    return self();
  }

  /**
   * Texts that end a response and are not part of it. By default none, and for a model without chat
   * template the beginning of the next turn.
   */
  public B stop(@Nullable List<String> stop) {
    this.stop = stop == null ? null : List.copyOf(stop);
    return self();
  }

  /** Most tokens of a response; 512 by default. */
  public B maxTokens(@Nullable Integer maxTokens) {
    this.maxTokens = maxTokens;
    return self();
  }

  /** Same seed and conversation, same text; by default a new one for each call. */
  public B seed(@Nullable Long seed) {
    this.seed = seed;
    return self();
  }

  /**
   * What the model's thinking is told by, which goes to {@code AiMessage.thinking()}; by default
   * {@link ThinkingTags#THINK} where the chat template knows them, else all is the answer.
   */
  public B thinkingTags(@Nullable ThinkingTags thinkingTags) {
    this.thinkingTags = thinkingTags;
    return self();
  }

  /** LangChain4j's listeners; none by default. */
  public B listeners(List<ChatModelListener> listeners) {
    this.listeners = List.copyOf(listeners);
    return self();
  }

  List<ChatModelListener> listeners() {
    return listeners;
  }

  Supplier<LocalChat> chat() {
    Supplier<CausalModel> source = model;
    if (source == null) {
      throw new IllegalArgumentException("model is missing; it must be given");
    }
    LocalChatPlan plan = plan();
    if (late) {
      return new Late<>(() -> plan.with(source.get()));
    }
    LocalChat chat = plan.with(source.get());
    return () -> chat;
  }

  private LocalChatPlan plan() {
    return new LocalChatPlan(
        promptOptions,
        new SamplingParameters(
            requireNonNullElse(temperature, defaults.temperature()),
            requireNonNullElse(topK, defaults.topK()),
            requireNonNullElse(topP, defaults.topP()),
            requireNonNullElse(frequencyPenalty, defaults.frequencyPenalty()),
            requireNonNullElse(presencePenalty, defaults.presencePenalty()),
            requireNonNullElse(stop, List.of())),
        /* ownStop= */ stop != null,
        requireNonNullElse(maxTokens, DEFAULT_MAX_TOKENS),
        seed,
        thinkingTags);
  }
}
