// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.adapter.AdapterFolder;
import dev.w2s.model.adapter.AdapterPlan;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.Families;
import dev.w2s.model.files.Checkpoint;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.hub.HubReference;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model's directory, read and checked, before any of its weights is: config, tokenizer, and names
 * and shapes of the weights. Models that do not fit are told from these, so that they are refused
 * before they cost memory.
 *
 * <p>A directory with a PEFT adapter stands for the adapted model: config and weights are the
 * base's, whose files are read as well.
 *
 * <p>Holds the tokenizer and the open files of the weights until it is closed. A model that was
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
  private final @Nullable ModelFiles base;
  private final @Nullable AdapterFiles adapter;

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
    base = null;
    adapter = null;
    eosTokens = EosTokens.read(stored.folder(), tokenizer, config.vocabulary());
    weights = new WeightLoader(file, config);
    weights.check();
  }

  /** An adapter over a base, which is closed with it. */
  private ModelFiles(
      String reference,
      StoredModel stored,
      ModelFiles base,
      AdapterFiles adapter,
      ModelTokenizer tokenizer) {
    this.reference = reference;
    this.stored = stored;
    this.base = base;
    this.adapter = adapter;
    this.tokenizer = tokenizer;
    config = base.config;
    file = base.file;
    weights = base.weights;
    eosTokens = EosTokens.read(stored.folder(), tokenizer, adapter.plan().vocabulary());
  }

  /**
   * Reads a model's files.
   *
   * @param reference a directory, a GGUF file, {@code embedded:NAME} or {@code
   *     hf:ORG/NAME[@REVISION]}; of an adapter the base is what its config names
   * @throws InvalidModelException if one is missing, damaged or not supported
   */
  public static ModelFiles read(String reference) {
    StoredModel stored = StoredModel.find(reference);
    return AdapterFiles.isIn(stored)
        ? readAdapter(reference, stored, readNamedBase(stored))
        : readModel(reference, stored, null);
  }

  /**
   * Reads a model's files, and shares the tokenizer of another model where it is the same: a large
   * vocabulary takes tens of megabytes and tenths of a second.
   *
   * @param reference a directory, a GGUF file, {@code embedded:NAME} or {@code
   *     hf:ORG/NAME[@REVISION]}; of an adapter the base is the other model, or the other's base
   * @param other stays the caller's
   * @throws InvalidModelException if a file is missing, damaged or not supported
   */
  public static ModelFiles read(String reference, ModelFiles other) {
    StoredModel stored = StoredModel.find(reference);
    if (!AdapterFiles.isIn(stored)) {
      return readModel(reference, stored, other);
    }
    AdapterFiles.warnOfAnotherBase(stored, other.base().stored.path());
    return readAdapter(reference, stored, readBase(other.base().reference, other));
  }

  private static ModelFiles readNamedBase(StoredModel adapter) {
    String base = AdapterFiles.base(adapter);
    try {
      return readBase(base, null);
    } catch (InvalidModelException e) {
      throw base.startsWith(HubReference.PREFIX) ? AdapterFiles.withoutBase(adapter, e) : e;
    }
  }

  private static ModelFiles readBase(String reference, @Nullable ModelFiles other) {
    StoredModel stored = StoredModel.find(reference);
    if (AdapterFiles.isIn(stored)) {
      throw InvalidModelException.in(
          stored.path(), "is an adapter itself; the base of an adapter must be a whole model");
    }
    return readModel(reference, stored, other);
  }

  private static ModelFiles readModel(
      String reference, StoredModel stored, @Nullable ModelFiles other) {
    DecoderConfig config = Families.read(stored.folder());
    ModelTokenizer tokenizer = tokenizer(stored, config.vocabulary(), other);
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

  /** Takes over the base. */
  private static ModelFiles readAdapter(String reference, StoredModel adapter, ModelFiles base) {
    try {
      StoredModel stored =
          new StoredModel(
              adapter.path(), new AdapterFolder(adapter.folder(), base.stored.folder()));
      AdapterFiles files = AdapterFiles.open(adapter, base.config, base.weights);
      try {
        ModelTokenizer tokenizer = tokenizer(stored, files.plan().vocabulary(), base);
        try {
          return new ModelFiles(reference, stored, base, files, tokenizer);
        } catch (RuntimeException | Error e) {
          tokenizer.close();
          throw e;
        }
      } catch (RuntimeException | Error e) {
        files.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      base.close();
      throw e;
    }
  }

  private static ModelTokenizer tokenizer(
      StoredModel stored, int vocabulary, @Nullable ModelFiles other) {
    if (other != null
        && vocabulary == other.vocabulary()
        && TokenizerFiles.same(stored.folder(), other.stored.folder())) {
      return other.tokenizer.share();
    }
    return ModelTokenizer.load(stored.folder(), vocabulary);
  }

  /** The reference it was read by. */
  public String reference() {
    return reference;
  }

  /** Language model or classifier. */
  public Kind kind() {
    return labels().isEmpty() ? Kind.LANGUAGE_MODEL : Kind.CLASSIFIER;
  }

  /** The files of the weights that are loaded: of an adapter its base's, else these. */
  public ModelFiles base() {
    return base == null ? this : base;
  }

  private int vocabulary() {
    return adapter == null ? config.vocabulary() : adapter.plan().vocabulary();
  }

  /** A base that is a language model has no names for the labels of its adapter. */
  private List<String> labels() {
    if (adapter == null || adapter.plan().labels() == config.labels().size()) {
      return config.labels();
    }
    return IntStream.range(0, adapter.plan().labels()).mapToObj(i -> "LABEL_" + i).toList();
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
    return ModelSummary.of(
        reference,
        config,
        vocabulary(),
        labels(),
        tokenizer,
        eosTokens,
        sizes(type, device),
        device);
  }

  private ModelSummary.Sizes sizes(WeightType type, ComputeDevice device) {
    WeightType compute = device.computeType(type);
    long bytes = weights.bytes(type, compute);
    if (base == null || adapter == null) {
      return new ModelSummary.Sizes(weights.parameters(), type, bytes, null);
    }
    AdapterPlan plan = adapter.plan();
    return new ModelSummary.Sizes(
        weights.parameters() + adapter.parameters(),
        type,
        bytes + adapter.parameters() * compute.bytes(),
        new ModelSummary.Adapter(
            base.reference,
            List.copyOf(plan.ranks()),
            List.copyOf(plan.modules()),
            adapter.parameters()));
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

  /** Whether both are one directory and, of an adapter, over one base. */
  public boolean sameDirectory(ModelFiles other) {
    try {
      return Files.isSameFile(stored.path(), other.stored.path())
          && Files.isSameFile(base().stored.path(), other.base().stored.path());
    } catch (IOException e) {
      throw InvalidModelException.in(stored.path(), "cannot be compared", e);
    }
  }

  /** Whether the weights are the same, byte for byte, in whatever files they lie. */
  public boolean sameWeights(ModelFiles other) {
    return file.sameContent(other.file) && sameAdapter(other);
  }

  private boolean sameAdapter(ModelFiles other) {
    if (adapter == null || other.adapter == null) {
      return adapter == other.adapter;
    }
    return adapter.sameAs(other.adapter);
  }

  /** Loads the weights. The model has a share of the tokenizer; the files stay the caller's. */
  LoadedModel load(Kind needed, Placement placement) {
    require(needed);
    InferenceThread thread = InferenceThread.of(placement.resolve());
    WeightType type = type(placement, thread.device());
    DeviceMemoryException.requireRoom(
        reference, thread.device(), summary(thread.device(), type).bytes());
    ModelTokenizer share = tokenizer.share();
    try {
      ProgramShare program = thread.call(() -> fill(thread, type));
      return new LoadedModel(
          summary(thread.device(), type), config, share, eosTokens, program, thread);
    } catch (RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  /**
   * Makes a model of the weights of another one: through the adapter, or, where these are the files
   * of a whole model, through none.
   *
   * @param other stays the caller's; must have been loaded from the same base
   */
  LoadedModel loadOver(Kind needed, LoadedModel other) {
    require(needed);
    ModelTokenizer share = tokenizer.share();
    try {
      ModelSummary summary = summary(other.thread().device(), other.summary().type());
      ProgramShare program = other.call(() -> other.program().share(adapter));
      return new LoadedModel(summary, config, share, eosTokens, program, other.thread());
    } catch (RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  private void require(Kind needed) {
    if (kind() != needed) {
      throw new InvalidModelException(
          "%s is a %s; a %s is needed here".formatted(reference, kind(), needed));
    }
  }

  private ProgramShare fill(InferenceThread thread, WeightType type) {
    WeightType compute = thread.device().computeType(type);
    boolean packs = thread.device().packs(compute);
    DecoderProgram program = DecoderProgram.load(config, thread, packs);
    try {
      weights.load(program, type, compute);
      return ProgramShare.of(program, adapter);
    } catch (RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  @Override
  public void close() {
    ModelFiles below = base;
    AdapterFiles own = adapter;
    try (below;
        own;
        tokenizer) {
      if (below == null) {
        file.close();
      }
    }
  }
}
