// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.adapter.AdapterConfig;
import dev.w2s.model.adapter.AdapterPlan;
import dev.w2s.model.adapter.AdapterPlan.Matrix;
import dev.w2s.model.adapter.AdapterPlan.Part;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.WeightName;
import dev.w2s.model.files.Checkpoint;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.SafetensorsFile;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.hub.HubReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An adapter's directory, read and checked against its base, before any weight is. */
final class AdapterFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterFiles.class);

  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PICKLE = "adapter_model.bin";

  private static final String GIVE_THE_BASE = "; give the base as the untuned model";

  private final JsonFile config;
  private final Checkpoint file;
  private final AdapterPlan plan;
  private final List<Matrix> matrices;

  private AdapterFiles(JsonFile config, Checkpoint file, AdapterPlan plan, WeightLoader base) {
    this.config = config;
    this.file = file;
    this.plan = plan;
    matrices =
        plan.matrices().stream().filter(matrix -> !isTheBasesOwn(matrix, file, base)).toList();
  }

  /** Whether a directory holds an adapter and no model of its own. */
  static boolean isIn(StoredModel stored) {
    return stored.folder().find(AdapterConfig.FILE) != null
        && !Files.exists(stored.path().resolve("model.safetensors"))
        && !Files.exists(stored.path().resolve("model.safetensors.index.json"));
  }

  /** What the model of an adapter's directory is. */
  static Kind kind(StoredModel stored) {
    AdapterConfig config = AdapterConfig.read(stored.folder());
    if (config.classifier() || config.languageModel()) {
      return config.classifier() ? Kind.CLASSIFIER : Kind.LANGUAGE_MODEL;
    }
    return Kind.of(ModelReference.parse(base(stored)).config());
  }

  /**
   * What an adapter names as its base: a directory beside it or elsewhere, else a repository of a
   * hub.
   *
   * @return a model reference
   * @throws InvalidModelException if there is none
   */
  static String base(StoredModel adapter) {
    AdapterConfig config = AdapterConfig.read(adapter.folder());
    String name = config.base();
    if (name == null || name.isBlank()) {
      throw InvalidModelException.in(
          config.file(), "names no base_model_name_or_path" + GIVE_THE_BASE);
    }
    if (ModelReference.isEmbedded(name)) {
      return name;
    }
    Path base = directory(adapter, config, name);
    if (base != null) {
      return base.toString();
    }
    if (HubReference.isNameOfOrganisation(name)) {
      return HubReference.PREFIX + name;
    }
    throw InvalidModelException.in(
        config.file(),
        "base_model_name_or_path is '"
            + name
            + "'; there is no such directory, neither in the adapter's nor in the working directory"
            + GIVE_THE_BASE);
  }

  /** Says whose base could not be had from a hub. */
  static InvalidModelException withoutBase(StoredModel adapter, InvalidModelException cause) {
    return InvalidModelException.in(
        adapter.folder().file(AdapterConfig.FILE),
        "names a base that is no directory here and that no hub gives" + GIVE_THE_BASE,
        cause);
  }

  private static @Nullable Path directory(StoredModel adapter, AdapterConfig config, String name) {
    try {
      return Stream.of(adapter.path().resolve(name), Path.of(name))
          .filter(Files::isDirectory)
          .findFirst()
          .orElse(null);
    } catch (InvalidPathException e) {
      throw InvalidModelException.in(config.file(), "base_model_name_or_path is no path", e);
    }
  }

  /** A base that is given counts; that the training had another is worth a word. */
  static void warnOfAnotherBase(StoredModel adapter, Path given) {
    AdapterConfig config = AdapterConfig.read(adapter.folder());
    String name = config.base();
    Path named = name == null ? null : directory(adapter, config, name);
    try {
      if (named != null && !Files.isSameFile(named, given)) {
        LOG.warn("{}: base_model_name_or_path is {}, and not {}", config.file(), name, given);
      }
    } catch (IOException e) {
      throw InvalidModelException.in(given, "cannot be compared", e);
    }
  }

  /**
   * Opens an adapter.
   *
   * @param base the weights that it changes
   */
  static AdapterFiles open(StoredModel adapter, DecoderConfig model, WeightLoader base) {
    AdapterConfig config = AdapterConfig.read(adapter.folder());
    Checkpoint file = Checkpoint.of(openWeights(adapter));
    try {
      AdapterPlan plan = AdapterPlan.of(config, file, model, base.plan());
      return new AdapterFiles(config.json(), file, plan, base);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static SafetensorsFile openWeights(StoredModel adapter) {
    Path weights = adapter.path().resolve(WEIGHTS);
    if (!Files.exists(weights) && Files.exists(adapter.path().resolve(PICKLE))) {
      throw new InvalidModelException(
          "%s: no such file; %s is a pickle, which may run code, and is not read"
              .formatted(weights, PICKLE));
    }
    return SafetensorsFile.open(weights);
  }

  /**
   * PEFT saves embedding and head with an adapter that changes them, though they are the base's.
   */
  private static boolean isTheBasesOwn(Matrix matrix, Checkpoint file, WeightLoader base) {
    if (matrix.part() != Part.WHOLE) {
      return false;
    }
    StoredTensor own = matrix.pieces().get(0).tensor();
    boolean head = matrix.weight().equals(WeightName.HEAD.inProgram());
    return base.holds(head ? WeightName.HEAD : WeightName.TOKEN_EMBEDDING, own, file);
  }

  AdapterPlan plan() {
    return plan;
  }

  /** Weights that take memory beside the base's; those that are zero by construction count. */
  long parameters() {
    return matrices.stream().mapToLong(Matrix::elements).sum();
  }

  /**
   * Loads the adapter into a program that holds the base. Runs on the inference thread.
   *
   * @return its number in the program
   */
  int load(DecoderProgram program) {
    int adapter = program.adapters().add(matrices);
    try {
      TensorChunks chunks = new TensorChunks(file);
      for (Matrix matrix : matrices) {
        for (AdapterPlan.Piece piece : matrix.pieces()) {
          chunks.forEach(
              piece.tensor(),
              (chunk, type, shape, at) ->
                  program.adapters().fill(adapter, matrix, piece, chunk, type, shape, at));
        }
      }
      return adapter;
    } catch (RuntimeException | Error e) {
      program.adapters().remove(adapter);
      throw e;
    }
  }

  /** Whether both say the same and hold the same tensors, byte for byte. */
  boolean sameAs(AdapterFiles other) {
    return config.json().equals(other.config.json()) && file.sameContent(other.file);
  }

  @Override
  public void close() {
    file.close();
  }
}
