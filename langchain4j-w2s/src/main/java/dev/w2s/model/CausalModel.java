// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.List;

/**
 * A causal language model in-process, read from a Hugging Face directory ({@code config.json},
 * {@code model.safetensors}, {@code tokenizer.json}, and where they are {@code
 * tokenizer_config.json} and {@code generation_config.json}). Families: those of {@code
 * docs/families.md}. A PEFT adapter's directory ({@code adapter_config.json}, {@code
 * adapter_model.safetensors}) is the model that it makes of its base.
 *
 * <p>It scores texts and continues them, each through a session that keeps the prompt's and the
 * hypotheses' keys and values. Sessions hold native memory, and so does the model: close both, the
 * sessions first. Models may {@linkplain #withAdapter share} weights: each is closed by itself, in
 * any order, and the weights go with the last. Safe for use by several threads; a session is for
 * one thread at a time.
 */
public final class CausalModel implements AutoCloseable {
  private final LoadedModel model;

  private CausalModel(LoadedModel model) {
    this.model = model;
  }

  /**
   * Loads a model to the first GPU, or to the CPU where there is none.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @throws InvalidModelException if a file is missing, damaged or not supported
   */
  public static CausalModel load(String reference) {
    return load(reference, Placement.AUTO);
  }

  /**
   * Loads a model.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @param placement device and type
   * @throws InvalidModelException if a file is missing, damaged or not supported, or the model is a
   *     classifier
   * @throws IllegalArgumentException if the device is not there
   */
  public static CausalModel load(String reference, Placement placement) {
    try (ModelFiles files = ModelFiles.read(reference)) {
      return load(files, placement);
    }
  }

  /**
   * Loads a model whose files have been read.
   *
   * @param files stay the caller's, who may close them
   * @param placement device and type
   * @throws InvalidModelException if it is a classifier, or its weights are damaged
   * @throws IllegalArgumentException if the device is not there
   */
  public static CausalModel load(ModelFiles files, Placement placement) {
    return new CausalModel(files.load(Kind.LANGUAGE_MODEL, placement));
  }

  /**
   * Makes a model of this one's weights and an adapter, which alone takes memory. Both models may
   * be used at the same time.
   *
   * @param adapter the directory of an adapter, whatever base it names; to be closed by the caller,
   *     as this model is
   * @throws InvalidModelException if a file is missing, damaged or not supported, or the adapter
   *     does not fit this model
   */
  public CausalModel withAdapter(String adapter) {
    try (ModelFiles own = ModelFiles.read(reference());
        ModelFiles files = ModelFiles.read(adapter, own)) {
      return sharing(files);
    }
  }

  /**
   * Makes a model of this one's weights: through the adapter whose files have been read or, where
   * they are those of a whole model, through none.
   *
   * @param files stay the caller's, who may close them; of this model, or of an adapter over its
   *     {@linkplain ModelFiles#base base}
   * @throws InvalidModelException if it makes a classifier, or the adapter's weights are damaged
   */
  public CausalModel sharing(ModelFiles files) {
    return new CausalModel(files.loadOver(Kind.LANGUAGE_MODEL, model));
  }

  /** Whether both have the same weights in memory, through whatever adapters. */
  public boolean sharesWeights(CausalModel other) {
    return model.sharesProgram(other.model);
  }

  /** The reference it was loaded by. */
  public String reference() {
    return model.reference();
  }

  /** What the model is. */
  public ModelSummary summary() {
    return model.summary();
  }

  /** The model's tokenizer; closed with the model. */
  public ModelTokenizer tokenizer() {
    return model.tokenizer();
  }

  /**
   * Opens a session that scores responses to a prompt. The prompt is run with the first response.
   *
   * @param prompt as the model reads it
   * @throws IllegalArgumentException if the prompt has no tokens
   * @throws PositionLimitException if the prompt is longer than the model's positions
   */
  public ScoringSession openScoring(Rendered prompt) {
    return openScoring(List.of(prompt));
  }

  /**
   * Opens a session that scores responses to each of several prompts, all in one batch.
   *
   * @param prompts as the model reads them, at least one
   * @throws IllegalArgumentException if there is none, or one has no tokens
   * @throws PositionLimitException if one is longer than the model's positions
   */
  public ScoringSession openScoring(List<Rendered> prompts) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts is empty; it must hold at least one");
    }
    return ScoringSession.open(model, prompts);
  }

  /**
   * Opens a session that scores responses to a prompt beside a session of another model. If both
   * models have the same tokenizer and read the same prompt, responses that both are asked for in
   * turn are tokenized once.
   *
   * @param prompt as this model reads it
   * @param beside a session for the same thread, whose model has to stay open as this one has
   * @throws IllegalArgumentException if the prompt has no tokens
   * @throws PositionLimitException if the prompt is longer than the model's positions
   */
  public ScoringSession openScoring(Rendered prompt, ScoringSession beside) {
    return ScoringSession.open(model, prompt, beside);
  }

  /**
   * Opens a session that scores responses to a prompt under this model and to one under another,
   * which shares its weights, all in one batch.
   *
   * @param prompt as this model reads it
   * @param other has to stay open as this one has
   * @param othersPrompt as the other model reads it
   * @throws IllegalArgumentException if a prompt has no tokens, or the models do not {@linkplain
   *     #sharesWeights share} their weights
   * @throws PositionLimitException if a prompt is longer than the model's positions
   */
  public ScoringSession openScoring(Rendered prompt, CausalModel other, Rendered othersPrompt) {
    if (!sharesWeights(other)) {
      throw new IllegalArgumentException(
          "models %s and %s do not share their weights".formatted(reference(), other.reference()));
    }
    return ScoringSession.open(model, prompt, other.model, othersPrompt);
  }

  /**
   * Opens a session that samples responses to a prompt.
   *
   * @param prompt as the model reads it
   * @param seed same seed and same calls, same tokens
   * @throws IllegalArgumentException if the prompt has no tokens
   * @throws PositionLimitException if the prompt is longer than the model's positions
   */
  public GenerationSession openGeneration(
      Rendered prompt, SamplingParameters parameters, long seed) {
    return new GenerationSession(model, prompt, parameters, seed, null);
  }

  /**
   * Opens a session that samples responses to a prompt from a distribution that two other models
   * steer at every token.
   *
   * @param prompt as the model reads it
   * @param seed same seed and same calls, same tokens
   * @param steering whose models have to stay open as this one has; their tokens have to be this
   *     model's. With a beta of 0 they are not run.
   * @throws IllegalArgumentException if a prompt has no tokens
   * @throws PositionLimitException if a prompt is longer than a model's positions
   */
  public GenerationSession openGeneration(
      Rendered prompt, SamplingParameters parameters, long seed, Steering steering) {
    if (steering.beta() == 0) {
      return openGeneration(prompt, parameters, seed);
    }
    SteeringSession beside =
        SteeringSession.open(
            steering.tuned().model,
            steering.tunedPrompt(),
            steering.untuned().model,
            steering.untunedPrompt(),
            steering.beta());
    return new GenerationSession(model, prompt, parameters, seed, beside);
  }

  /**
   * How likely the model finds each token of whole texts. The texts share a session, so that what
   * they begin with alike is run once; it is forgotten with the call.
   *
   * @param texts token ids as the model reads them, special tokens included where it expects them
   * @return for each text, in order, the nats of each of its tokens given those before it; NaN for
   *     the first, before which nothing is
   * @throws IllegalArgumentException if a text has no token, or one that the model does not have
   * @throws PositionLimitException if one is longer than the model's positions
   */
  public List<double[]> logProbabilities(List<TokenIds> texts) {
    return model.logProbabilities(texts);
  }

  /**
   * Which tokens the model would rather have at each place of a text.
   *
   * @param text token ids as in {@link #logProbabilities}
   * @param number how many tokens are told of each place
   * @return for each token of the text but the first, the likeliest in its place, best first
   * @throws IllegalArgumentException if the text has no token, or one that the model does not have
   * @throws PositionLimitException if it is longer than the model's positions
   */
  public List<List<LikelyToken>> likeliest(TokenIds text, int number) {
    return model.likeliest(text, number);
  }

  /** Native tensors alive besides weights and caches, for tests: 0 between calls. */
  int liveTensors() {
    return model.liveTensors();
  }

  @Override
  public void close() {
    model.close();
  }
}
