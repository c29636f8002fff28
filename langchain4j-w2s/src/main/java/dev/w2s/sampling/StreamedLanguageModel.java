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
    model.generate(
        prompt,
        new StreamingResponseHandler<>() {
          /** The whole text comes with the end, too. */
          @Override
          public void onNext(String piece) {}

          @Override
          public void onComplete(Response<String> response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    return Answers.await(answer);
  }
}
