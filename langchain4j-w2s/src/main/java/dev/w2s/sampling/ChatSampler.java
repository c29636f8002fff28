// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.search.Candidate;

/** A sampler that draws from a chat model, and gives its responses as the model does. */
public interface ChatSampler extends MeteredSampler {

  /**
   * Whether a candidate is text that guides can judge; a response that calls tools or has nothing
   * but thinking or images is none.
   */
  boolean isText(Candidate candidate);

  /**
   * What the model thought before a candidate's text, empty if nothing.
   *
   * @param candidate one that this sampler has drawn
   */
  String thinking(Candidate candidate);

  /**
   * A candidate as the model's response, in the model's own classes, with the usage of all calls so
   * far.
   *
   * @param candidate one that this sampler has drawn
   */
  ChatResponse response(Candidate candidate);
}
