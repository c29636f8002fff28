// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.pytorch.jni.IValue;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.WeightName;
import dev.w2s.model.family.WeightPlan;
import dev.w2s.model.family.WeightPlan.Part;
import dev.w2s.model.family.WeightPlan.Weight;
import dev.w2s.model.files.Checkpoint;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.StoredType;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a file's tensors against a plan and streams them into the program, a chunk at a time. */
final class WeightLoader {
  private static final Logger LOG = LoggerFactory.getLogger(WeightLoader.class);

  private static final int SHOWN = 3;
  private static final int BITS = 8;

  /** Columns of a matrix of 4 bits that share a factor, as in the program. */
  private static final int GROUP = 32;

  private static final Set<StoredType> FLOATS =
      Set.of(StoredType.F32, StoredType.F16, StoredType.BF16);

  private final Checkpoint file;
  private final WeightPlan plan;
  private final DecoderConfig config;
  private final TensorChunks chunks;

  WeightLoader(Checkpoint file, DecoderConfig config) {
    this.file = file;
    this.config = config;
    chunks = new TensorChunks(file);
    this.plan = WeightPlan.of(config, file.tensors().keySet(), hasHeadOfItsOwn());
  }

  /**
   * Whether a head that the config ties to the embedding is stored beside it and another: training
   * has untied the two, and the head counts.
   */
  private boolean hasHeadOfItsOwn() {
    StoredTensor head = file.tensors().get(WeightPlan.head(config, file.tensors().keySet()));
    StoredTensor embedding = WeightPlan.embedding(config, file.tensors());
    return head != null && embedding != null && !file.sameContent(head, file, embedding);
  }

  /** Compares names, shapes and types; nothing is read or allocated before that. */
  void check() {
    Set<String> unexpected = new TreeSet<>(file.tensors().keySet());
    refuse(unexpected, plan::isOfAnAdapter, "holds an adapter that is not merged into the weights");
    for (Weight weight : plan.weights()) {
      for (Part part : weight.parts()) {
        checkPart(part, weight.storedShape(part));
        unexpected.remove(part.name());
      }
    }
    unexpected.removeIf(name -> plan.needless(name) || stored(name).shape().contains(0L));
    refuse(
        unexpected,
        plan::tellsOfAnotherModel,
        "holds tensors that a %s model of this config does not have"
            .formatted(config.family().modelType()));
    if (!unexpected.isEmpty()) {
      LOG.warn(
          "{}: {} tensors are no part of the model and ignored: {}",
          file.file(),
          unexpected.size(),
          firstOf(unexpected));
    }
  }

  private void refuse(Set<String> names, Predicate<String> bad, String problem) {
    List<String> found = names.stream().filter(bad).toList();
    if (!found.isEmpty()) {
      throw InvalidModelException.in(file.file(), problem + ": " + firstOf(found));
    }
  }

  private static String firstOf(Collection<String> names) {
    return names.stream().limit(SHOWN).collect(Collectors.joining(", "));
  }

  private void checkPart(Part part, List<Long> shape) {
    StoredTensor tensor = stored(part);
    if (!tensor.shape().equals(shape)) {
      throw InvalidModelException.in(
          file.fileOf(tensor),
          "tensor %s has shape %s; config.json asks for %s"
              .formatted(part.name(), tensor.shape(), shape));
    }
    if (!FLOATS.contains(tensor.type())) {
      throw InvalidModelException.in(
          file.fileOf(tensor),
          "tensor %s is of type %s; weights must be F32, F16 or BF16"
              .formatted(part.name(), tensor.type()));
    }
  }

  private StoredTensor stored(Part part) {
    return stored(part.name());
  }

  private StoredTensor stored(String name) {
    StoredTensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw InvalidModelException.in(
          file.file(), "tensor %s is missing; config.json asks for it".formatted(name));
    }
    return tensor;
  }

  /** The type of the token embedding, which stands for the file. */
  WeightType storedType() {
    return switch (stored(plan.weights().get(0).parts().get(0)).type()) {
      case F16 -> WeightType.FLOAT16;
      case BF16 -> WeightType.BFLOAT16;
      default -> WeightType.FLOAT32;
    };
  }

  /** Which tensors make up which weights. */
  WeightPlan plan() {
    return plan;
  }

  /** Whether a weight of one part is byte for byte a tensor of another file. */
  boolean holds(WeightName name, StoredTensor tensor, Checkpoint other) {
    Weight embedding = plan.weights().get(0);
    Weight weight =
        plan.weights().stream()
            .filter(candidate -> candidate.name().equals(name.inProgram()))
            .findFirst()
            .orElse(embedding); // a head that is tied
    return file.sameContent(stored(weight.parts().get(0)), other, tensor);
  }

  /** Number of weights. */
  long parameters() {
    return plan.weights().stream().mapToLong(Weight::elements).sum();
  }

  /** Bits that a weight has in memory. */
  private int bits(Weight weight, WeightType type, WeightType compute) {
    boolean matrix = weight.isLinear() && !(weight.outsideLayers() && config.classifier());
    if (!matrix || !type.quantised()) {
      return BITS * compute.bytes();
    }
    boolean groups = !weight.outsideLayers() && weight.columns() % GROUP == 0;
    return type == WeightType.INT4 && groups ? BITS / 2 : BITS;
  }

  /** What the weights take in memory, with the numbers that go with those of few bits. */
  long bytes(WeightType type, WeightType compute) {
    long bytes = 0;
    for (Weight weight : plan.weights()) {
      int bits = bits(weight, type, compute);
      bytes += weight.elements() * bits / BITS;
      if (bits == BITS) {
        bytes += weight.rows() * compute.bytes();
      } else if (bits < BITS) {
        bytes += 2 * weight.elements() / GROUP * compute.bytes();
      }
    }
    return bytes;
  }

  /**
   * Allocates and fills every weight of the program. Runs on the inference thread.
   *
   * @param type the weights'
   * @param compute the type that is computed in
   */
  void load(DecoderProgram program, WeightType type, WeightType compute) {
    Predicate<Weight> quantised = w -> bits(w, type, compute) <= BITS;
    Predicate<Weight> packable = w -> program.packs() && w.isLinear() && !w.outsideLayers();
    Predicate<Weight> packed = packable.and(quantised.negate());
    List<Weight> plain = plan.weights().stream().filter(quantised.or(packed).negate()).toList();
    program.allocate(plain, config.layers().size(), compute);
    plain.forEach(weight -> fill(program, weight));
    for (Weight weight : plan.weights().stream().filter(quantised).toList()) {
      program.stage(weight);
      fill(program, weight);
      program.quantise(weight, bits(weight, type, compute), compute);
    }
    pack(program, plan.weights().stream().filter(packed).toList(), compute);
    if (!config.rotaries().isEmpty()) {
      int pairs = config.rotaries().get(0).frequencies().size();
      program.add(WeightName.ROTARY.inProgram(), RotaryTable.of(config.rotaries()), pairs);
    }
  }

  private void pack(DecoderProgram program, List<Weight> weights, WeightType type) {
    if (weights.isEmpty()) {
      return;
    }
    try (IValue staging = program.staging(weights, type)) {
      for (Weight weight : weights) {
        program.stage(staging, weight);
        fill(program, weight);
        program.pack(weight);
      }
    }
  }

  private void fill(DecoderProgram program, Weight weight) {
    long row = 0;
    for (Part part : weight.parts()) {
      loadPart(program, weight, stored(part), row);
      row += part.rows();
    }
  }

  private void loadPart(DecoderProgram program, Weight weight, StoredTensor tensor, long first) {
    chunks.forEach(
        tensor, (chunk, type, shape, at) -> program.fill(weight, chunk, type, shape, first, at));
  }
}
