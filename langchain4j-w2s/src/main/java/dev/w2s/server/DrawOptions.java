// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server shall draw. Only what somebody has set is sent: hosted servers refuse what they do
 * not know, {@code top_k} among them.
 *
 * @param temperature 0 takes the likeliest token always
 * @param topP draws among the likeliest tokens of this mass
 * @param topK draws among so many likeliest tokens
 * @param frequencyPenalty taken off a token's score for each time it was drawn
 * @param presencePenalty taken off once it was drawn
 * @param stop texts that end a response and are not part of it
 * @param logProbabilities whether the server shall say how likely the tokens are
 */
public record DrawOptions(
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double frequencyPenalty,
    @Nullable Double presencePenalty,
    List<String> stop,
    boolean logProbabilities) {
  /** Copies the list. */
  public DrawOptions {
    stop = List.copyOf(stop);
  }

  /** As the completions endpoint takes it. */
  void writeTo(ObjectNode body) {
    writeCommon(body);
    if (logProbabilities) {
      body.put("logprobs", 1); // with 0 llama.cpp gives none
    }
  }

  /** As the chat endpoint takes it. */
  void writeToChat(ObjectNode body) {
    writeCommon(body);
    if (logProbabilities) {
      body.put("logprobs", true);
    }
  }

  private void writeCommon(ObjectNode body) {
    if (temperature != null) {
      body.put("temperature", temperature);
    }
    if (topP != null) {
      body.put("top_p", topP);
    }
    if (topK != null) {
      body.put("top_k", topK);
    }
    if (frequencyPenalty != null) {
      body.put("frequency_penalty", frequencyPenalty);
    }
    if (presencePenalty != null) {
      body.put("presence_penalty", presencePenalty);
    }
    if (!stop.isEmpty()) {
      ArrayNode texts = body.putArray("stop");
      stop.forEach(texts::add);
    }
  }
}
