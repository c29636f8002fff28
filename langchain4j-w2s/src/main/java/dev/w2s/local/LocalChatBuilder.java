// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of both local chat models take. Null stands for the default.
 *
 * @param <B> the builder itself
 */
public abstract class LocalChatBuilder<B extends LocalChatBuilder<B>> {
  private static final int DEFAULT_MAX_TOKENS = 512;

  /** A model that was shown a conversation plainly would go on with both sides of it. */
  private static final List<String> PLAIN_STOP = List.of("\n\nUser:", "\n\nSystem:");

  private final SamplingParameters defaults = SamplingParameters.DEFAULT;
  private @Nullable CausalModel model;
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
  public B model(CausalModel model) {
    this.model = model;
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

  LocalChat chat() {
    if (model == null) {
      throw new IllegalArgumentException("model is missing; it must be given");
    }
    String template = template(model);
    return new LocalChat(
        model,
        model.tokenizer().promptFormat(promptOptions),
        new SamplingParameters(
            requireNonNullElse(temperature, defaults.temperature()),
            requireNonNullElse(topK, defaults.topK()),
            requireNonNullElse(topP, defaults.topP()),
            requireNonNullElse(frequencyPenalty, defaults.frequencyPenalty()),
            requireNonNullElse(presencePenalty, defaults.presencePenalty()),
            requireNonNullElse(stop, template == null ? PLAIN_STOP : List.of())),
        requireNonNullElse(maxTokens, DEFAULT_MAX_TOKENS),
        seed,
        thinkingTags != null ? thinkingTags : tagsOf(template));
  }

  private @Nullable String template(CausalModel shown) {
    String given = promptOptions.chatTemplate();
    return given != null ? given : shown.tokenizer().chatTemplate();
  }

  private static @Nullable ThinkingTags tagsOf(@Nullable String template) {
    boolean known = template != null && template.contains(ThinkingTags.THINK.close());
    return known ? ThinkingTags.THINK : null;
  }
}
