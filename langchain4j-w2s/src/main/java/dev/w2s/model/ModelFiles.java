// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.Families;
import dev.w2s.model.files.Checkpoint;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A model's directory, read and checked, before any of its weights is: config, tokenizer, and names
 * and shapes of the weights. Models that do not fit are told from these, so that they are refused
 * before they cost memory.
 *
 * <p>Holds the tokenizer and the open file of the weights until it is closed. A model that was
 * loaded from it lives on.
 */
public final class ModelFiles implements AutoCloseable {
  private final String reference;
  private final StoredModel stored;
  private final DecoderConfig config;
  private final ModelTokenizer tokenizer;
  private final EosTokens eosTokens;
  private final Checkpoint file;
  private final WeightLoader weights;

  private ModelFiles(
      String reference,
      StoredModel stored,
      DecoderConfig config,
      ModelTokenizer tokenizer,
      Checkpoint file) {
    this.reference = reference;
    this.stored = stored;
    this.config = config;
    this.tokenizer = tokenizer;
    this.file = file;
    eosTokens = EosTokens.read(stored.folder(), tokenizer, config.vocabulary());
    weights = new WeightLoader(file, config);
    weights.check();
  }

  /**
   * Reads a model's files.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @throws InvalidModelException if one is missing, damaged or not supported
   */
  public static ModelFiles read(String reference) {
    StoredModel stored = StoredModel.find(reference);
    DecoderConfig config = Families.read(stored.folder());
    return read(
        reference, stored, config, ModelTokenizer.load(stored.folder(), config.vocabulary()));
  }

  /**
   * Reads a model's files, and shares the tokenizer of another model where it is the same: a large
   * vocabulary takes tens of megabytes and tenths of a second.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @param other stays the caller's
   * @throws InvalidModelException if a file is missing, damaged or not supported
   */
  public static ModelFiles read(String reference, ModelFiles other) {
    StoredModel stored = StoredModel.find(reference);
    DecoderConfig config = Families.read(stored.folder());
    boolean same =
        config.vocabulary() == other.config.vocabulary()
            && TokenizerFiles.same(stored.folder(), other.stored.folder());
    return read(
        reference,
        stored,
        config,
        same ? other.tokenizer.share() : ModelTokenizer.load(stored.folder(), config.vocabulary()));
  }

  private static ModelFiles read(
      String reference, StoredModel stored, DecoderConfig config, ModelTokenizer tokenizer) {
    try {
      Checkpoint file = Checkpoint.of(stored.openWeights());
      try {
        return new ModelFiles(reference, stored, config, tokenizer, file);
      } catch (RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The reference it was read by. */
  public String reference() {
    return reference;
  }

  /** Language model or classifier. */
  public Kind kind() {
    return Kind.of(config);
  }

  /** The model's tokenizer; closed with the files. */
  public ModelTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * What the model would be on a device.
   *
   * @throws IllegalArgumentException if the device is not there
   */
  public ModelSummary summary(Placement placement) {
    ComputeDevice device = ComputeDevice.of(placement.resolve());
    return summary(device, type(placement, device));
  }

  private WeightType type(Placement placement, ComputeDevice device) {
    return placement.resolve(device, weights.storedType(), weights.parameters());
  }

  private ModelSummary summary(ComputeDevice device, WeightType type) {
    long bytes = weights.bytes(type, device.computeType(type));
    return ModelSummary.of(
        reference, config, tokenizer, eosTokens, weights.parameters(), type, bytes, device);
  }

  /** Ids of the tokens that end a response; empty when no file names one. */
  public SortedSet<Integer> eosTokens() {
    return new TreeSet<>(eosTokens.ids());
  }

  /**
   * Where the files really are, behind all links: two references of one place name one model.
   *
   * @throws InvalidModelException if it is gone
   */
  public Path directory() {
    try {
      return stored.path().toRealPath();
    } catch (IOException e) {
      throw InvalidModelException.in(stored.path(), "cannot be read", e);
    }
  }

  /** Tokens the tokenizer has. */
  public int tokenizerVocabulary() {
    return tokenizer.vocabulary().ids().size();
  }

  /** Most tokens of a sequence. */
  public int positions() {
    return config.positions();
  }

  /** Whether both are one directory. */
  public boolean sameDirectory(ModelFiles other) {
    try {
      return Files.isSameFile(stored.path(), other.stored.path());
    } catch (IOException e) {
      throw InvalidModelException.in(stored.path(), "cannot be compared", e);
    }
  }

  /** Whether the weights are the same, byte for byte, in whatever files they lie. */
  public boolean sameWeights(ModelFiles other) {
    return file.sameContent(other.file);
  }

  /** Loads the weights. The model has a share of the tokenizer; the files stay the caller's. */
  LoadedModel load(Kind needed, Placement placement) {
    if (kind() != needed) {
      throw new InvalidModelException(
          "%s is a %s; a %s is needed here".formatted(reference, kind(), needed));
    }
    InferenceThread thread = InferenceThread.of(placement.resolve());
    WeightType type = type(placement, thread.device());
    DeviceMemoryException.requireRoom(
        reference, thread.device(), summary(thread.device(), type).bytes());
    ModelTokenizer share = tokenizer.share();
    try {
      DecoderProgram program = thread.call(() -> fill(thread, type));
      return new LoadedModel(
          summary(thread.device(), type), config, share, eosTokens, program, thread);
    } catch (RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  private DecoderProgram fill(InferenceThread thread, WeightType type) {
    DecoderProgram program = DecoderProgram.load(config, thread);
    try {
      weights.load(program, type, thread.device().computeType(type));
      return program;
    } catch (RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try (tokenizer) {
      file.close();
    }
  }
}
