// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a builder says of a {@link LocalChat}; the rest depends on the model's chat template.
 *
 * @param promptOptions how the model is shown conversations
 * @param sampling how tokens are drawn
 * @param ownStop whether the stop strings are the builder's
 * @param maxTokens most tokens of a response
 * @param seed null draws a new one for each call
 * @param thinkingTags null for those that the template knows
 */
record LocalChatPlan(
    PromptOptions promptOptions,
    SamplingParameters sampling,
    boolean ownStop,
    int maxTokens,
    @Nullable Long seed,
    @Nullable ThinkingTags thinkingTags) {

  /** A model that was shown a conversation plainly would go on with both sides of it. */
  private static final List<String> PLAIN_STOP = List.of("\n\nUser:", "\n\nSystem:");

  LocalChatPlan {
    LocalChat.requireMaxTokens(maxTokens);
  }

  LocalChat with(CausalModel model) {
    String own = promptOptions.chatTemplate();
    String template = own != null ? own : model.tokenizer().chatTemplate();
    return new LocalChat(
        model,
        model.tokenizer().conversationFormat(promptOptions),
        template != null || ownStop ? sampling : sampling.withStop(PLAIN_STOP),
        maxTokens,
        seed,
        thinkingTags != null ? thinkingTags : tagsOf(template));
  }

  private static @Nullable ThinkingTags tagsOf(@Nullable String template) {
    boolean known = template != null && template.contains(ThinkingTags.THINK.close());
    return known ? ThinkingTags.THINK : null;
  }
}
