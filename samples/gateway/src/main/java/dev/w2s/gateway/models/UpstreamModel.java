// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.models;

import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.WeakToStrongStreamingLanguageModel;
import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.openai.CompletionBody.Asked;
import dev.w2s.gateway.settings.Upstream;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.search.ChunkBeam;
import java.util.Objects;

/**
 * A large model behind another server.
 *
 * @param server continues its answers
 */
public record UpstreamModel(OpenAiCompatible server) implements LargeModel {

  /**
   * The model that is set.
   *
   * @throws IllegalArgumentException if the address is wrong; the message names it
   */
  public static UpstreamModel of(Upstream upstream) {
    return new UpstreamModel(
        OpenAiCompatible.builder()
            .baseUrl(Objects.requireNonNull(upstream.baseUrl(), "baseUrl"))
            .modelName(Objects.requireNonNull(upstream.model(), "model"))
            .apiKey(upstream.apiKey())
            .timeout(upstream.timeout())
            .concurrency(upstream.concurrency())
            .api(upstream.api())
            .build());
  }

  @Override
  public WeakToStrongStreamingChatModel.Builder chat() {
    return WeakToStrongStreamingChatModel.builder().largeModel(server);
  }

  @Override
  public WeakToStrongStreamingLanguageModel.Builder text() {
    return WeakToStrongStreamingLanguageModel.builder().largeModel(server);
  }

  /** By one request: each piece would be a request of its own. */
  @Override
  public ChunkBeam alone() {
    return ChunkBeam.bestOf(1);
  }

  @Override
  public String text(Asked prompt) {
    String text = prompt.text();
    if (text == null) {
      throw ApiException.invalid(
          "prompt", "Token ids are not supported by a guided model; send the text.");
    }
    return text;
  }

  @Override
  public Scored score(Asked prompt, String completion, int likeliest) {
    throw ApiException.invalid(
        "logprobs",
        "Log-probabilities are not supported by a guided model; ask for the model alone.");
  }
}
