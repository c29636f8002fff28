// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A sequence classification model in-process ({@code LlamaForSequenceClassification} and those of
 * the other families), such as a sentiment judge or a reward model. The last token's hidden state
 * decides. Safe for use by several threads.
 */
public final class SequenceClassifier implements AutoCloseable {
  private final LoadedModel model;

  private SequenceClassifier(LoadedModel model) {
    this.model = model;
  }

  /**
   * Loads a classifier.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @param placement device and type
   * @throws InvalidModelException if a file is missing, damaged or not supported, or the model is
   *     no classifier
   * @throws IllegalArgumentException if the device is not there
   */
  public static SequenceClassifier load(String reference, Placement placement) {
    try (ModelFiles files = ModelFiles.read(reference)) {
      return load(files, placement);
    }
  }

  /**
   * Loads a classifier whose files have been read.
   *
   * @param files stay the caller's, who may close them
   * @param placement device and type
   * @throws InvalidModelException if it is no classifier, or its weights are damaged
   * @throws IllegalArgumentException if the device is not there
   */
  public static SequenceClassifier load(ModelFiles files, Placement placement) {
    return new SequenceClassifier(files.load(Kind.CLASSIFIER, placement));
  }

  /** What the model is. */
  public ModelSummary summary() {
    return model.summary();
  }

  /** The model's tokenizer; closed with the model. */
  public ModelTokenizer tokenizer() {
    return model.tokenizer();
  }

  /** Opens a session for texts that grow; to be closed by the caller. */
  public ClassificationSession openSession() {
    return new ClassificationSession(model);
  }

  /**
   * Log-probability, in nats, of every label.
   *
   * @throws IllegalArgumentException if the text is empty
   * @throws PositionLimitException if the text is longer than the model's positions
   */
  public Map<String, Double> logProbabilities(String text) {
    TokenIds tokens = model.encodePrompt(Rendered.raw(text));
    float[] nats = model.call(() -> classify(tokens));
    Map<String, Double> byLabel = new LinkedHashMap<>();
    for (int i = 0; i < nats.length; i++) {
      byLabel.put(model.summary().labels().get(i), (double) nats[i]);
    }
    return byLabel;
  }

  private float[] classify(TokenIds tokens) {
    try (DecoderSession session = model.newSession()) {
      List<TokenTree.Node> path = session.tree().path(tokens, model.variant(tokens.size()));
      TokenTree.Node last = path.get(path.size() - 1);
      session.run(List.of(last));
      return session.logSoftmax(last);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
