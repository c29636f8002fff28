// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.w2s.local.LocalChatModel;
import dev.w2s.local.LocalStreamingChatModel;
import org.jspecify.annotations.Nullable;

/** A frozen chat model: opens a sampler for each search. Safe for use by several threads. */
public interface LargeChatModel {

  /**
   * Opens a sampler for one search.
   *
   * @return to be closed by the caller
   * @throws IllegalArgumentException if the model cannot draw as requested
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request asks for what the
   *     model does not have
   * @throws dev.w2s.model.PositionLimitException if the conversation is longer than a local model's
   *     positions
   */
  ChatSampler open(ChatCall call);

  /**
   * Whether the texts of candidates are the beginnings of responses, so that what is settled can be
   * told before the search ends; else each draw is a whole response, or has its thinking in front.
   */
  boolean growsResponses();

  /**
   * Says early that a seed cannot be given.
   *
   * @throws IllegalArgumentException if there is one and the model takes none
   */
  void checkSeed(@Nullable Long seed);

  /**
   * A LangChain4j chat model. The project's own {@link dev.w2s.local.LocalChatModel} and its
   * streaming twin are sampled chunk by chunk, in one batch a round; any other answers in whole
   * responses.
   *
   * @throws IllegalArgumentException if an option does not fit the model
   */
  static LargeChatModel of(ChatDelegate delegate, ChatModelOptions options) {
    if (delegate.model() instanceof LocalChatModel local) {
      return new LocalLargeChatModel(local::local, options);
    }
    if (delegate.model() instanceof LocalStreamingChatModel local) {
      return new LocalLargeChatModel(local::local, options);
    }
    return new AnyChatModel(delegate, options);
  }
}
