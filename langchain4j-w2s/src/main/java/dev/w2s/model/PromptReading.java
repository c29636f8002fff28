// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ResponseTokens.Sequence;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Rendered;
import java.util.List;

/**
 * A prompt, and responses to it, as one model reads them.
 *
 * @param model open as long as this is used
 * @param encoder of the model's tokenizer or of an equal one
 */
record PromptReading(LoadedModel model, ResponseTokens encoder) {

  /** Refuses a prompt that the model cannot run. */
  PromptReading {
    model.checkPrompt(encoder.prompt(), encoder.promptTokens());
  }

  static PromptReading of(LoadedModel model, Rendered prompt) {
    return new PromptReading(model, new ResponseTokens(model.tokenizer(), prompt));
  }

  /** The sequences of responses, which the model can run. */
  List<Sequence> checked(List<Response> responses) {
    List<Sequence> sequences = encoder.of(responses);
    for (Sequence sequence : sequences) {
      if (sequence.ended()) {
        requireEos();
      }
      model.checkLength("prompt and response", sequence.length());
    }
    return sequences;
  }

  private void requireEos() {
    if (model.eosTokens().ids().isEmpty()) {
      throw new InvalidModelException(
          "model "
              + model.reference()
              + ": none of generation_config.json, tokenizer_config.json and config.json names an EOS"
              + " token that the model has, which the score of a response that ended needs");
    }
  }

  /** For each response whether the model has positions enough for it. */
  List<Boolean> fit(List<Response> responses) {
    int positions = model.config().positions();
    return encoder.of(responses).stream().map(sequence -> sequence.length() <= positions).toList();
  }
}
