// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model whose vocabulary of 304 was padded beyond the 300 tokens of its tokenizer. The rows
 * beyond are tokens of the model like any other: they share in the sum of probabilities (as the
 * golden scores of this model show) and are drawn as often as the model likes them, as in
 * transformers, and like there they have no text. To leave them out would change every other
 * token's probability, of which draws and scores tell.
 */
class PaddedVocabularyTest {
  private static final int TOKENIZER = 300;
  private static final int VOCABULARY = 304;

  @TempDir private Path directory;

  @Test
  void whatTheTokenizerDoesNotKnowIsDrawnAndHasNoText() {
    ModelDirectory indifferent =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("model"))
            .weights(w -> w.with("lm_head.weight", Tensor.zeros((long) VOCABULARY, 36L)));
    SamplingParameters all = SamplingParameters.DEFAULT;
    try (CausalModel model = indifferent.load();
        GenerationSession session = model.openGeneration(Rendered.raw("The movie"), all, 1)) {
      List<Continuation> drawn =
          session.extend(List.of(new Extension(session.start(), 60, 20))).get(0);
      assertThat(drawn).anyMatch(PaddedVocabularyTest::holdsPadding);
      for (Continuation continuation : drawn) {
        assertThat(continuation.logProbability())
            .isCloseTo(-continuation.drawn() * Math.log(VOCABULARY), within(1e-3));
        assertThat(continuation.response().wholeText())
            .isEqualTo(model.tokenizer().decode(known(continuation.response().tokens())));
      }
      Continuation padded =
          drawn.stream().filter(PaddedVocabularyTest::canGoOn).findFirst().orElseThrow();
      Continuation longer = session.extend(List.of(new Extension(padded, 1, 5))).get(0).get(0);
      assertThat(longer.text()).startsWith(padded.text());
    }
  }

  private static boolean canGoOn(Continuation continuation) {
    return holdsPadding(continuation) && continuation.ending() == GenerationSession.Ending.LIMIT;
  }

  private static boolean holdsPadding(Continuation continuation) {
    return continuation.response().tokens().stream().anyMatch(id -> id >= TOKENIZER);
  }

  private static TokenIds known(TokenIds tokens) {
    return TokenIds.of(tokens.stream().filter(id -> id < TOKENIZER).toArray());
  }
}
