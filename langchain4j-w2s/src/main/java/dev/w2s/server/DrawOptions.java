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
 * @param stop texts that end a response and are not part of it
 * @param logProbabilities whether the server shall say how likely the tokens are
 */
public record DrawOptions(
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    List<String> stop,
    boolean logProbabilities) {
  /** Copies the list. */
  public DrawOptions {
    stop = List.copyOf(stop);
  }

  void writeTo(ObjectNode body) {
    if (temperature != null) {
      body.put("temperature", temperature);
    }
    if (topP != null) {
      body.put("top_p", topP);
    }
    if (topK != null) {
      body.put("top_k", topK);
    }
    if (!stop.isEmpty()) {
      ArrayNode texts = body.putArray("stop");
      stop.forEach(texts::add);
    }
    if (logProbabilities) {
      body.put("logprobs", 1); // with 0 llama.cpp gives none
    }
  }
}
