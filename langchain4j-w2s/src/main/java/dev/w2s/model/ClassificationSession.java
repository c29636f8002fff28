// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.List;

/**
 * What a classifier says of texts that grow: of a text only those tokens are run that are new since
 * the call before, and tokens that texts of one call share are run once. The last token's hidden
 * state decides. For one thread at a time.
 */
public final class ClassificationSession implements AutoCloseable {
  private final LoadedModel model;
  private final DecoderSession session;

  ClassificationSession(LoadedModel model) {
    this.model = model;
    session = model.newSession();
  }

  /**
   * The outputs for each text. What the next call does not share with these is forgotten.
   *
   * @param texts whole, as the model reads them, at least one
   * @return for each text, in order, a logit for each label
   * @throws IllegalArgumentException if a text has no tokens
   * @throws PositionLimitException if a text is longer than the model's positions
   * @throws InvalidModelException if the logits are not finite
   */
  public List<double[]> logits(List<Rendered> texts) {
    List<TokenIds> tokens = texts.stream().map(model::encodePrompt).toList();
    float[] all = model.call(() -> run(tokens));
    int labels = all.length / texts.size();
    List<double[]> rows = new ArrayList<>();
    for (int row = 0; row < texts.size(); row++) {
      double[] values = new double[labels];
      for (int label = 0; label < labels; label++) {
        values[label] = all[row * labels + label];
      }
      rows.add(values);
    }
    return rows;
  }

  private float[] run(List<TokenIds> texts) {
    List<Node> ends = new ArrayList<>();
    for (TokenIds text : texts) {
      List<Node> path = session.tree().path(text, model.variant(text.size()));
      ends.add(path.get(path.size() - 1));
    }
    session.tree().retain(ends);
    session.run(ends);
    return session.logits(ends);
  }

  /** For each text, in order, whether the model has positions enough for it. */
  public List<Boolean> fit(List<Rendered> texts) {
    return texts.stream()
        .map(text -> model.tokenizer().encode(text.text(), text.specialTokens()).size())
        .map(tokens -> tokens <= model.config().positions())
        .toList();
  }

  /** Where the model is: {@code cpu} or {@code cuda:N}. */
  public String device() {
    return model.summary().device();
  }

  /** Tokens run through the model so far. */
  public long tokensRun() {
    return session.tokensRun();
  }

  @Override
  public void close() {
    model.release(session);
  }
}
