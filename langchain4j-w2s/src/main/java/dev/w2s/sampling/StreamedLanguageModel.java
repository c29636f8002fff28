// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.output.Response;
import java.util.concurrent.CompletableFuture;

/**
 * A streaming language model as a plain one: waits for the whole answer.
 *
 * @param model the streaming one
 */
public record StreamedLanguageModel(StreamingLanguageModel model) implements LanguageModel {

  /** Checks the model. */
  public StreamedLanguageModel {
    requireNonNull(model, "model");
  }

  @Override
  public Response<String> generate(String prompt) {
    CompletableFuture<Response<String>> answer = new CompletableFuture<>();
    StringBuilder text = new StringBuilder();
    model.generate(
        prompt,
        new StreamingResponseHandler<>() {
          @Override
          public void onNext(String piece) {
            text.append(piece);
          }

          @Override
          public void onComplete(Response<String> response) {
            answer.complete(
                response.content() != null
                    ? response
                    : Response.from(
                        text.toString(), response.tokenUsage(), response.finishReason()));
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    return Answers.await(answer);
  }
}
