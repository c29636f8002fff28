// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

/**
 * Where loaded models come from and whose they are. By default each is loaded for whoever needs it;
 * a source may give the same model to several, which share its weights.
 */
public interface ModelSource {

  /**
   * A language model, which stays the source's.
   *
   * @param files that have been read and are the caller's
   * @throws dev.w2s.model.files.InvalidModelException if it is a classifier, or damaged
   * @throws IllegalArgumentException if the device is not there
   */
  CausalModel languageModel(ModelFiles files, Placement placement);

  /**
   * A classifier, which stays the source's.
   *
   * @param files that have been read and are the caller's
   * @throws dev.w2s.model.files.InvalidModelException if it is no classifier, or damaged
   * @throws IllegalArgumentException if the device is not there
   */
  SequenceClassifier classifier(ModelFiles files, Placement placement);
}
