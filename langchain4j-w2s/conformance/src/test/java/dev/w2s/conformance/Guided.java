// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.guidance.GuidancePair;
import java.util.List;

/** Decorated models, guided by the embedded pair. */
final class Guided {
  /** Candidates of a request. */
  static final int SUCCESSORS = 3;

  private static final GuidancePair PAIR =
      GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");

  private Guided() {}

  static ChatModel chat(ChatModel delegate, ChatModelListener... listeners) {
    return WeakToStrongChatModel.builder()
        .delegate(delegate)
        .pair(PAIR)
        .beamWidth(1)
        .successors(SUCCESSORS)
        .listeners(List.of(listeners))
        .build();
  }

  static StreamingChatModel streaming(ChatModel delegate, ChatModelListener... listeners) {
    return WeakToStrongStreamingChatModel.builder()
        .delegate(delegate)
        .pair(PAIR)
        .beamWidth(1)
        .successors(SUCCESSORS)
        .listeners(List.of(listeners))
        .build();
  }
}
