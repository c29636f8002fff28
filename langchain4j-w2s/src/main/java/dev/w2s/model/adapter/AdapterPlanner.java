// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.adapter;

import dev.w2s.model.adapter.AdapterPlan.Matrix;
import dev.w2s.model.adapter.AdapterPlan.Part;
import dev.w2s.model.adapter.AdapterPlan.Piece;
import dev.w2s.model.adapter.AdapterTensor.Role;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.Modules;
import dev.w2s.model.family.Modules.Module;
import dev.w2s.model.family.Modules.Use;
import dev.w2s.model.family.WeightPlan;
import dev.w2s.model.files.Checkpoint;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.StoredType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes an {@link AdapterPlan}, or says why there is none. */
final class AdapterPlanner {
  private static final Set<StoredType> FLOATS =
      Set.of(StoredType.F32, StoredType.F16, StoredType.BF16);
  private static final String CLASSIFIER_HEAD = "score";

  /** Of a weight, what its modules are changed by. */
  private static final class Joined {
    final List<Piece> down = new ArrayList<>();
    final List<Piece> up = new ArrayList<>();
    int rank;
  }

  private record Place(int layer, String weight, long rows, int columns) {}

  private final AdapterConfig adapter;
  private final Checkpoint file;
  private final DecoderConfig model;
  private final boolean classifier;
  private final Modules modules;
  private final Map<String, Map<Role, StoredTensor>> found = new TreeMap<>();
  private final Set<Module> tuned = new HashSet<>();
  private final Set<Module> saved = new HashSet<>();
  private final Map<Place, Joined> joined = new LinkedHashMap<>();
  private final List<Matrix> matrices = new ArrayList<>();
  private final Set<Integer> ranks = new TreeSet<>();
  private final Set<String> names = new TreeSet<>();
  private int vocabulary;
  private int outputs;

  AdapterPlanner(AdapterConfig adapter, Checkpoint file, DecoderConfig model, WeightPlan weights) {
    this.adapter = adapter;
    this.file = file;
    this.model = model;
    classifier = adapter.classifier() || model.classifier();
    vocabulary = model.vocabulary();
    outputs = classifier ? model.labels().size() : model.vocabulary();
    modules = Modules.of(model, weights, classifier ? CLASSIFIER_HEAD : null, outputs);
  }

  AdapterPlan plan() {
    file.tensors().forEach(this::sort);
    if (found.isEmpty()) {
      throw invalid("holds no tensors of an adapter");
    }
    if (model.classifier() && adapter.languageModel()) {
      throw invalid("is an adapter of a language model; its base is a sequence classifier");
    }
    found.forEach(this::addModule);
    joined.forEach(this::addJoined);
    checkTargets();
    checkOutputs();
    adapter.warnOfUnused();
    return new AdapterPlan(
        List.copyOf(matrices), ranks, names, vocabulary, classifier ? outputs : 0);
  }

  private void sort(String name, StoredTensor tensor) {
    AdapterTensor known = AdapterTensor.of(name);
    if (known == null || modules.find(known.module()) == null) {
      throw invalid(
          "tensor %s is no part of a LoRA adapter of this %s model: %s"
              .formatted(
                  tensor.name(),
                  model.family().modelType(),
                  "projections, the token embedding and the head may be changed, biases and norms"
                      + " may not"));
    }
    if (!FLOATS.contains(tensor.type())) {
      throw invalid(
          "tensor %s is of type %s; it must be F32, F16 or BF16"
              .formatted(tensor.name(), tensor.type()));
    }
    StoredTensor other =
        found
            .computeIfAbsent(known.module(), module -> new EnumMap<>(Role.class))
            .put(known.role(), tensor);
    if (other != null) {
      throw invalid(
          "tensors %s and %s are both the %s of %s; one of them must go"
              .formatted(other.name(), tensor.name(), known.role(), known.module()));
    }
  }

  private void addModule(String name, Map<Role, StoredTensor> tensors) {
    Module module = modules.find(name);
    if (module == null) {
      throw new IllegalStateException(name);
    }
    names.add(name.substring(name.lastIndexOf('.') + 1));
    StoredTensor wrapped = tensors.get(Role.WRAPPED);
    StoredTensor whole = tensors.getOrDefault(Role.WHOLE, wrapped);
    if (module.use() == Use.PROJECTION && whole != null) {
      throw invalid(
          "tensor %s is a whole weight; those of token embedding and head may be saved whole, no other"
              .formatted(whole.name()));
    }
    int rows = module.rows();
    if (whole != null) {
      rows = addWhole(module, whole);
    }
    if (module.use() == Use.EMBEDDING) {
      refuse(tensors, Role.DOWN, Role.UP);
      addEmbedding(name, module, tensors, rows);
    } else {
      refuse(tensors, Role.EMBEDDING_DOWN, Role.EMBEDDING_UP);
      addProjection(name, module, tensors, rows);
    }
  }

  private void refuse(Map<Role, StoredTensor> tensors, Role... roles) {
    for (Role role : roles) {
      StoredTensor tensor = tensors.get(role);
      if (tensor != null) {
        throw invalid("tensor %s is of the wrong kind for its module".formatted(tensor.name()));
      }
    }
  }

  /** A vocabulary may have grown or shrunk with the tuning, and a classifier's labels are new. */
  private int addWhole(Module module, StoredTensor whole) {
    List<Long> shape = whole.shape();
    if (shape.size() != 2
        || shape.get(1) != module.columns()
        || shape.get(0) < 1
        || shape.get(0) > Integer.MAX_VALUE) {
      throw invalid(
          "tensor %s has shape %s; the base asks for [%d, %d], or other rows"
              .formatted(whole.name(), shape, module.rows(), module.columns()));
    }
    saved.add(module);
    int rows = shape.get(0).intValue();
    matrices.add(
        new Matrix(
            module.layer(),
            module.weight(),
            Part.WHOLE,
            rows,
            module.columns(),
            List.of(new Piece(whole, 0, 0, 1, /* transposed= */ false))));
    if (module.use() == Use.EMBEDDING) {
      vocabulary = rows;
    } else {
      outputs = rows;
    }
    return rows;
  }

  private void addProjection(
      String name, Module module, Map<Role, StoredTensor> tensors, int rows) {
    StoredTensor down = tensors.get(Role.DOWN);
    StoredTensor up = tensors.get(Role.UP);
    requirePair(name, down, up, "lora_A", "lora_B");
    if (down != null && up != null) {
      tuned.add(module);
      int rank = adapter.rank(name);
      checkShape(down, rank, module.columns());
      checkShape(up, rows, rank);
      long weightRows = module.use() == Use.HEAD ? rows : module.weightRows();
      Place place = new Place(module.layer(), module.weight(), weightRows, module.columns());
      Joined parts = joined.computeIfAbsent(place, unknown -> new Joined());
      int at = parts.rank;
      parts.down.add(new Piece(down, at, 0, 1, /* transposed= */ false));
      parts.up.add(
          new Piece(up, module.firstRow(), at, adapter.scale(name, rank), /* transposed= */ false));
      parts.rank += rank;
      ranks.add(rank);
    }
  }

  private void addEmbedding(String name, Module module, Map<Role, StoredTensor> tensors, int rows) {
    StoredTensor down = tensors.get(Role.EMBEDDING_DOWN);
    StoredTensor up = tensors.get(Role.EMBEDDING_UP);
    requirePair(name, down, up, "lora_embedding_A", "lora_embedding_B");
    if (down != null && up != null) {
      tuned.add(module);
      tuned.add(module);
      int rank = adapter.rank(name);
      checkShape(down, rank, rows);
      checkShape(up, module.columns(), rank);
      Piece byToken = new Piece(down, 0, 0, 1, /* transposed= */ true);
      Piece toWidth = new Piece(up, 0, 0, adapter.scale(name, rank), /* transposed= */ false);
      add(module, Part.LORA_A, rows, rank, byToken);
      add(module, Part.LORA_B, module.columns(), rank, toWidth);
      ranks.add(rank);
    }
  }

  private void add(Module module, Part part, int rows, int columns, Piece piece) {
    matrices.add(new Matrix(module.layer(), module.weight(), part, rows, columns, List.of(piece)));
  }

  private void requirePair(
      String module, @Nullable StoredTensor down, @Nullable StoredTensor up, String a, String b) {
    if ((down == null) != (up == null)) {
      throw invalid(
          "%s has %s and no %s; both are needed"
              .formatted(module, down == null ? b : a, down == null ? a : b));
    }
  }

  private void checkShape(StoredTensor tensor, long rows, long columns) {
    if (!tensor.shape().equals(List.of(rows, columns))) {
      throw invalid(
          "tensor %s has shape %s; %s and the base ask for [%d, %d]"
              .formatted(tensor.name(), tensor.shape(), AdapterConfig.FILE, rows, columns));
    }
  }

  private void addJoined(Place place, Joined parts) {
    matrices.add(
        new Matrix(
            place.layer(),
            place.weight(),
            Part.LORA_A,
            parts.rank,
            place.columns(),
            List.copyOf(parts.down)));
    matrices.add(
        new Matrix(
            place.layer(),
            place.weight(),
            Part.LORA_B,
            place.rows(),
            parts.rank,
            List.copyOf(parts.up)));
  }

  /** What the config names and the model has must be in the file. */
  private void checkTargets() {
    modules
        .all()
        .forEach(
            (name, module) -> {
              if (adapter.listsTarget(name, module.layer()) && !tuned.contains(module)) {
                throw missing(name, "target_modules");
              }
              if (adapter.listsSaved(name) && !saved.contains(module)) {
                throw missing(name, "modules_to_save");
              }
            });
  }

  private InvalidModelException missing(String module, String key) {
    return invalid(
        "has no tensors for %s, which %s names in %s".formatted(module, AdapterConfig.FILE, key));
  }

  private void checkOutputs() {
    if (classifier && outputs == 0) {
      throw invalid(
          "holds no %s.weight, which a classifier over a language model needs"
              .formatted(CLASSIFIER_HEAD));
    }
    if (!classifier && outputs != vocabulary) {
      throw invalid(
          "makes an embedding of %d tokens and a head of %d; they must be as many"
              .formatted(vocabulary, outputs));
    }
  }

  private InvalidModelException invalid(String problem) {
    return InvalidModelException.in(file.file(), problem);
  }
}
