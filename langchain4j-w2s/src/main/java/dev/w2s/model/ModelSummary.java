// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.Families;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.text.ModelTokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is.
 *
 * @param reference how it was named
 * @param family the {@code model_type}
 * @param layers number of layers
 * @param width width of the hidden states
 * @param heads query heads
 * @param kvHeads key/value heads
 * @param positions most tokens of a sequence
 * @param vocabulary token ids the model knows
 * @param tokenizerVocabulary tokens the tokenizer has
 * @param parameters number of weights
 * @param type their type in memory
 * @param bytes their size in memory
 * @param device where they are
 * @param labels of a classifier; empty for a language model
 * @param eosTokens ids of the tokens that end a response; empty when no file names one
 * @param chatTemplate the Jinja template, null when there is none
 * @param adapter of an adapter over a base what is its own; null of a whole model
 */
public record ModelSummary(
    String reference,
    String family,
    int layers,
    int width,
    int heads,
    int kvHeads,
    int positions,
    int vocabulary,
    int tokenizerVocabulary,
    long parameters,
    WeightType type,
    long bytes,
    String device,
    List<String> labels,
    List<Integer> eosTokens,
    @Nullable String chatTemplate,
    @Nullable Adapter adapter) {

  /**
   * What an adapter adds to its base.
   *
   * @param base the reference of the base
   * @param ranks the ranks that its changes have
   * @param modules last parts of the names of the modules that it changes
   * @param parameters number of weights that it adds, as they lie in memory
   */
  public record Adapter(String base, List<Integer> ranks, List<String> modules, long parameters) {
    /** Copies the lists. */
    public Adapter {
      ranks = List.copyOf(ranks);
      modules = List.copyOf(modules);
    }
  }

  /** What a model gives. */
  public enum Kind {
    /** Log-probabilities of tokens. */
    LANGUAGE_MODEL,
    /** Log-probabilities of labels. */
    CLASSIFIER;

    /**
     * What a model is by its {@code config.json} alone, and an adapter by what its config says it
     * was tuned for: nothing else is read, and no native library is loaded.
     *
     * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
     * @throws dev.w2s.model.files.InvalidModelException if there is none, or it is of no supported
     *     family
     */
    public static Kind of(String reference) {
      ModelReference parsed = ModelReference.parse(reference);
      if (ModelReference.isEmbedded(reference)) {
        return of(parsed.config());
      }
      StoredModel stored = StoredModel.findConfig(parsed);
      return AdapterFiles.isIn(stored)
          ? AdapterFiles.kind(stored)
          : of(stored.folder().json("config.json"));
    }

    static Kind of(JsonFile config) {
      return Families.read(config).classifier() ? CLASSIFIER : LANGUAGE_MODEL;
    }

    @Override
    public String toString() {
      return this == CLASSIFIER ? "sequence classifier" : "language model";
    }
  }

  /**
   * What a model would be on a device. Its weights are not read; only names, shapes and types are.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @throws dev.w2s.model.files.InvalidModelException if a file is missing, damaged or not
   *     supported
   * @throws IllegalArgumentException if the device is not there
   */
  public static ModelSummary read(String reference, Placement placement) {
    try (ModelFiles files = ModelFiles.read(reference)) {
      return files.summary(placement);
    }
  }

  /** Language model or classifier. */
  public Kind kind() {
    return labels.isEmpty() ? Kind.LANGUAGE_MODEL : Kind.CLASSIFIER;
  }

  /**
   * What the weights take.
   *
   * @param parameters number of all
   * @param type in memory
   * @param bytes of all
   * @param adapter of these, what an adapter adds
   */
  record Sizes(long parameters, WeightType type, long bytes, @Nullable Adapter adapter) {}

  static ModelSummary of(
      String reference,
      DecoderConfig config,
      int vocabulary,
      List<String> labels,
      ModelTokenizer tokenizer,
      EosTokens eosTokens,
      Sizes sizes,
      ComputeDevice device) {
    return new ModelSummary(
        reference,
        config.family().modelType(),
        config.layers().size(),
        config.width(),
        config.attention().heads(),
        config.attention().kvHeads(),
        config.positions(),
        vocabulary,
        tokenizer.vocabulary().ids().size(),
        sizes.parameters(),
        sizes.type(),
        sizes.bytes(),
        device.name(),
        labels,
        eosTokens.ids(),
        tokenizer.chatTemplate(),
        sizes.adapter());
  }
}
