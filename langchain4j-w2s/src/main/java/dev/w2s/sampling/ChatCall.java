// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a chat model is asked in one search.
 *
 * @param request messages and parameters of the model's own class
 * @param options go with every call
 * @param seed same seed and request, same responses; null leaves it to the model
 * @param time after which an answer is of no use, for a model that waits and tries again; null for
 *     never
 */
public record ChatCall(
    ChatRequest request, ChatRequestOptions options, @Nullable Long seed, @Nullable Duration time) {

  /** Checks the components. */
  public ChatCall {
    requireNonNull(request, "request");
    requireNonNull(options, "options");
  }
}
