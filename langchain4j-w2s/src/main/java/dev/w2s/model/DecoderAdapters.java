// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.w2s.model.adapter.AdapterPlan.Matrix;
import dev.w2s.model.adapter.AdapterPlan.Piece;
import dev.w2s.model.family.WeightName;
import dev.w2s.model.files.StoredType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The adapters over the weights of a decoder program, by number. Their memory lives until they are
 * removed. For the device's inference thread.
 */
final class DecoderAdapters implements AutoCloseable {
  private final TorchModule module;
  private final OpenCount open;
  private final Map<Integer, List<Matrix>> byNumber = new HashMap<>();

  /** Of these, the ones that change the head. */
  private final Set<Integer> ownHeads = new HashSet<>();

  private int next;

  /**
   * @param open counts them
   */
  DecoderAdapters(TorchModule module, OpenCount open) {
    this.module = module;
    this.open = open;
  }

  /**
   * Allocates an adapter, zero.
   *
   * @return its number, by which tokens go through it
   */
  int add(List<Matrix> matrices) {
    int adapter = next++;
    byNumber.put(adapter, matrices);
    open.countOpened();
    if (matrices.stream().anyMatch(m -> m.weight().equals(WeightName.HEAD.inProgram()))) {
      ownHeads.add(adapter);
    }
    WeightBlock whole =
        new WeightBlock(
            matrices.stream()
                .map(m -> new WeightBlock.Place(m.layer(), name(m, adapter), m.rows(), m.columns()))
                .toList());
    try (IValue block = module.call("allocate_adapter", IValue.from(whole.elements()))) {
      whole.placeIn(module, block);
      return adapter;
    } catch (RuntimeException | Error e) {
      remove(adapter);
      throw e;
    }
  }

  private static String name(Matrix matrix, int adapter) {
    return matrix.weight() + "." + matrix.part().inProgram() + "." + adapter;
  }

  /**
   * Copies rows of a stored tensor into a matrix of an adapter.
   *
   * @param chunk a direct buffer of F32, F16 or BF16 by {@code type}
   * @param at first row of the stored tensor that the chunk holds
   * @return false if a value is not finite
   */
  boolean fill(
      int adapter,
      Matrix matrix,
      Piece piece,
      ByteBuffer chunk,
      StoredType type,
      Shape shape,
      long at) {
    boolean across = piece.transposed();
    try (PtNDArray tensor = module.tensor(chunk, shape, type);
        IValue finite =
            module.call(
                "fill_adapter",
                IValue.from((long) matrix.layer()),
                IValue.from(name(matrix, adapter)),
                IValue.from(tensor),
                IValue.from(across ? piece.row() : piece.row() + at),
                IValue.from(across ? piece.column() + at : piece.column()),
                IValue.from(piece.factor()),
                IValue.from(across),
                IValue.from(type == StoredType.BF16))) {
      return finite.toBoolean();
    }
  }

  /** Frees an adapter, whose sessions are done; one that is not there is none to free. */
  void remove(int adapter) {
    List<Matrix> matrices = byNumber.remove(adapter);
    ownHeads.remove(adapter);
    if (matrices != null) {
      for (Matrix matrix : matrices) {
        String name = name(matrix, adapter);
        module.call("remove", IValue.from((long) matrix.layer()), IValue.from(name)).close();
      }
      open.countClosed();
    }
  }

  /**
   * The adapter whose head makes the logits of a token that goes through {@code adapter}, or -1.
   */
  int head(int adapter) {
    return ownHeads.contains(adapter) ? adapter : -1;
  }

  @Override
  public void close() {
    List.copyOf(byNumber.keySet()).forEach(this::remove);
  }
}
