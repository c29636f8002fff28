// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.w2s.model.TorchScriptArchive.Empty;
import dev.w2s.model.adapter.AdapterPlan.Matrix;
import dev.w2s.model.adapter.AdapterPlan.Piece;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.DecoderConfig.Layer;
import dev.w2s.model.family.Family;
import dev.w2s.model.family.Rotary;
import dev.w2s.model.family.WeightName;
import dev.w2s.model.family.WeightPlan.Weight;
import dev.w2s.model.files.StoredType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The decoder in libtorch: {@code decoder.torchscript} with a model's facts and weights. Its
 * methods are those of the program, in Java types; shapes are explained there.
 *
 * <p>Everything runs on the device's inference thread. Weights live until every user has
 * {@linkplain #close closed} it; those of an adapter until {@link #removeAdapter}; a cache lives
 * until {@link #closeCache}; all else is released before a method returns.
 */
final class DecoderProgram implements AutoCloseable {
  private static final String SOURCE = "decoder.torchscript";

  /** In elements; 64 bytes or more, as libtorch aligns its own tensors. */
  private static final long ALIGNMENT = 64;

  private final PtNDManager manager;
  private final PtSymbolBlock module;
  private final InferenceThread thread;

  /** What each adapter has in memory. */
  private final Map<Integer, List<Matrix>> adapters = new HashMap<>();

  /** Of these, the ones that change the head. */
  private final Set<Integer> ownHeads = new HashSet<>();

  private int nextAdapter;
  private int users = 1;

  private DecoderProgram(PtNDManager manager, PtSymbolBlock module, InferenceThread thread) {
    this.manager = manager;
    this.module = module;
    this.thread = thread;
    thread.programs().countOpened();
  }

  /** Compiles the program for a model on the thread's device; the weights follow. */
  static DecoderProgram load(DecoderConfig config, InferenceThread thread) {
    byte[] archive = TorchScriptArchive.of("Decoder", source(), attributes(config));
    PtNDManager manager =
        (PtNDManager) InferenceThread.engine().newBaseManager(thread.device().device());
    try {
      return new DecoderProgram(
          manager,
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false),
          thread);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  private static String source() {
    try (InputStream in = DecoderProgram.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + SOURCE);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> attributes(DecoderConfig config) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("weights", new Empty("Dict[str, Tensor]"));
    attributes.put("layers", new Empty("List[Dict[str, Tensor]]"));
    attributes.put("heads", config.attention().heads());
    attributes.put("kv_heads", config.attention().kvHeads());
    attributes.put("head_dim", config.attention().headDim());
    attributes.put("attention_cap", config.attention().cap());
    attributes.put("interleaved", config.family().interleaved());
    attributes.put("rms_norm", config.norm().kind() != Family.Norm.LAYER);
    attributes.put("norms_from_one", config.family().normsFromOne());
    attributes.put("parallel", config.parallel());
    attributes.put("gated", config.feedForward().gated());
    attributes.put("activation", config.feedForward().activation());
    attributes.put("epsilon", config.norm().epsilon());
    attributes.put("embedding_multiplier", config.multipliers().embedding());
    attributes.put("residual_multiplier", config.multipliers().residual());
    attributes.put("logit_divisor", config.multipliers().logitDivisor());
    attributes.put("logit_cap", config.multipliers().logitCap());
    attributes.put("rotary_factors", config.rotaries().stream().map(Rotary::factor).toList());
    attributes.put("rotary_sets", ints(config.rotaries(), rotary -> rotary.longer().sets()));
    attributes.put("scales", config.layers().stream().map(Layer::attentionScale).toList());
    attributes.put("rotaries", ints(config.layers(), Layer::rotary));
    attributes.put("windows", ints(config.layers(), Layer::window));
    attributes.put("windowed", config.layers().stream().anyMatch(layer -> layer.window() > 0));
    attributes.put("adapters", new Empty("List[int]"));
    attributes.put("counts", new Empty("List[int]"));
    return attributes;
  }

  private static <T> Object ints(List<T> of, Function<T, Integer> number) {
    return of.isEmpty() ? new Empty("List[int]") : of.stream().map(number).toList();
  }

  /**
   * Allocates the weights of one type, uninitialised.
   *
   * @param layers number of layers
   */
  void allocate(List<Weight> weights, int layers, WeightType type) {
    long[] starts = starts(weights.stream().mapToLong(Weight::elements).toArray());
    try (PtNDArray like = manager.create(new Shape(0), DataType.FLOAT32);
        IValue block =
            call(
                "allocate",
                IValue.from(like),
                IValue.from(starts[weights.size()]),
                IValue.from((long) layers),
                IValue.from(type.scalarType()))) {
      for (int i = 0; i < weights.size(); i++) {
        Weight weight = weights.get(i);
        callOn(
                block,
                "place",
                IValue.from(starts[i]),
                IValue.from((long) weight.layer()),
                IValue.from(weight.name()),
                IValue.from(weight.rows()),
                IValue.from((long) weight.columns()))
            .close();
      }
    }
  }

  /** Allocates a matrix in float32, to be filled and then {@link #quantise}d. */
  void stage(Weight weight) {
    try (PtNDArray like = manager.create(new Shape(0), DataType.FLOAT32)) {
      call(
              "stage",
              IValue.from(like),
              IValue.from((long) weight.layer()),
              IValue.from(weight.name()),
              IValue.from(weight.rows()),
              IValue.from((long) weight.columns()))
          .close();
    }
  }

  /**
   * Gives a staged matrix its few bits.
   *
   * @param bits 8 or 4
   * @param type of the numbers that go with them
   */
  void quantise(Weight weight, int bits, WeightType type) {
    call(
            "quantise",
            IValue.from((long) weight.layer()),
            IValue.from(weight.name()),
            IValue.from((long) bits),
            IValue.from(type.scalarType()))
        .close();
  }

  /** Where weights of so many elements begin in a block; then, its end. */
  private static long[] starts(long... elements) {
    long[] starts = new long[elements.length + 1];
    for (int i = 0; i < elements.length; i++) {
      starts[i + 1] = starts[i] + (elements[i] + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return starts;
  }

  /**
   * Allocates an adapter, zero.
   *
   * @return its number, by which tokens go through it
   */
  int addAdapter(List<Matrix> matrices) {
    int adapter = nextAdapter++;
    long[] starts = starts(matrices.stream().mapToLong(Matrix::elements).toArray());
    List<Matrix> placed = new ArrayList<>();
    adapters.put(adapter, placed);
    thread.adapters().countOpened();
    try (IValue block = call("allocate_adapter", IValue.from(starts[matrices.size()]))) {
      for (int i = 0; i < matrices.size(); i++) {
        Matrix matrix = matrices.get(i);
        placed.add(matrix);
        if (matrix.weight().equals(WeightName.HEAD.inProgram())) {
          ownHeads.add(adapter);
        }
        callOn(
                block,
                "place",
                IValue.from(starts[i]),
                IValue.from((long) matrix.layer()),
                IValue.from(name(matrix, adapter)),
                IValue.from(matrix.rows()),
                IValue.from((long) matrix.columns()))
            .close();
      }
      return adapter;
    } catch (RuntimeException | Error e) {
      removeAdapter(adapter);
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
  boolean fillAdapter(
      int adapter,
      Matrix matrix,
      Piece piece,
      ByteBuffer chunk,
      StoredType type,
      Shape shape,
      long at) {
    boolean across = piece.transposed();
    try (PtNDArray tensor = manager.create(chunk, shape, handedOverAs(type));
        IValue finite =
            call(
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

  /** Frees an adapter, whose sessions are done. */
  void removeAdapter(int adapter) {
    List<Matrix> matrices = adapters.remove(adapter);
    ownHeads.remove(adapter);
    if (matrices != null) {
      for (Matrix matrix : matrices) {
        String name = name(matrix, adapter);
        call("remove", IValue.from((long) matrix.layer()), IValue.from(name)).close();
      }
      thread.adapters().countClosed();
    }
  }

  /**
   * The adapter whose head makes the logits of a token that goes through {@code adapter}, or -1.
   */
  int head(int adapter) {
    return ownHeads.contains(adapter) ? adapter : -1;
  }

  /** One more user, who closes it as well. */
  DecoderProgram share() {
    users++;
    return this;
  }

  /** Adds a float32 matrix, row by row, to the weights outside the layers. */
  void add(String name, float[] values, int columns) {
    Shape shape = new Shape(values.length / columns, columns);
    try (PtNDArray matrix = (PtNDArray) manager.create(values, shape)) {
      call("add", IValue.from(name), IValue.from(matrix)).close();
    }
  }

  /**
   * Copies rows of a stored weight into a weight.
   *
   * @param chunk a direct buffer of F32, F16 or BF16 by {@code type}
   * @param first first row of the weight that the stored one makes up
   * @param at first row of the stored weight that the chunk holds
   * @return false if a value is not finite
   */
  boolean fill(Weight weight, ByteBuffer chunk, StoredType type, Shape shape, long first, long at) {
    try (PtNDArray tensor = manager.create(chunk, shape, handedOverAs(type));
        IValue finite =
            call(
                "fill",
                IValue.from((long) weight.layer()),
                IValue.from(weight.name()),
                IValue.from(tensor),
                IValue.from(first),
                IValue.from(at),
                IValue.from(weight.transposed()),
                IValue.from(type == StoredType.BF16))) {
      return finite.toBoolean();
    }
  }

  /** DJL knows no bfloat16: the program reads the bits of a float16 as one. */
  private static DataType handedOverAs(StoredType type) {
    return type == StoredType.F32 ? DataType.FLOAT32 : DataType.FLOAT16;
  }

  /** A cache of so many slots; the caller gives it to {@link #closeCache}. */
  IValue newCache(int slots) {
    IValue cache = call("new_cache", IValue.from((long) slots));
    thread.caches().countOpened();
    return cache;
  }

  /** Frees a cache, also when the program is closed. */
  void closeCache(IValue cache) {
    cache.close();
    thread.caches().countClosed();
  }

  /** Gives a cache more slots. */
  void growCache(IValue cache, int slots) {
    callOn(cache, "grow_cache", IValue.from((long) slots)).close();
  }

  /**
   * Runs N tokens.
   *
   * @param sets which set of rotary frequencies each has
   * @param mask a direct buffer of N times S bytes, 1 where a token sees a slot
   * @param spans which adapters they go through
   */
  void run(
      IValue cache,
      long[] tokens,
      long[] positions,
      long[] slots,
      long[] sets,
      ByteBuffer mask,
      int seen,
      AdapterSpans spans) {
    try (PtNDArray visible =
        manager.create(mask, new Shape(tokens.length, seen), DataType.BOOLEAN)) {
      callOn(
              cache,
              "run",
              IValue.listFrom(tokens),
              IValue.listFrom(positions),
              IValue.listFrom(slots),
              IValue.listFrom(sets),
              IValue.from(visible),
              IValue.listFrom(spans.adapters()),
              IValue.listFrom(spans.counts()))
          .close();
    }
  }

  /**
   * Nats of {@code labels[i]} after the token in {@code slots[rows[i]]}.
   *
   * @param head the adapter whose head it is, by {@link #head}
   */
  float[] logProbabilities(IValue cache, long[] slots, long[] rows, long[] labels, int head) {
    return floats(
        callOn(
            cache,
            "log_probabilities",
            IValue.listFrom(slots),
            IValue.listFrom(rows),
            IValue.listFrom(labels),
            IValue.from((long) head)));
  }

  /** Logits of every token (or label) after each slot, row by row. */
  float[] logits(IValue cache, long[] slots, int head) {
    return floats(callOn(cache, "logits", IValue.listFrom(slots), IValue.from((long) head)));
  }

  /** Nats of every token (or label) after each slot, row by row. */
  float[] logSoftmax(IValue cache, long[] slots, int head) {
    return floats(callOn(cache, "log_softmax", IValue.listFrom(slots), IValue.from((long) head)));
  }

  /** A token for each draw, -1 where the logits are not finite; then, in order, their nats. */
  double[] draw(
      IValue cache,
      long[] slots,
      long[] rows,
      double[] uniform,
      SamplingParameters parameters,
      List<Penalty> penalties,
      int head) {
    try (IValue drawn =
            callOn(
                cache,
                "draw",
                IValue.listFrom(slots),
                IValue.listFrom(rows),
                IValue.listFrom(uniform),
                IValue.from(parameters.temperature()),
                IValue.from((long) parameters.topK()),
                IValue.from(parameters.topP()),
                IValue.listFrom(penalties.stream().mapToLong(Penalty::row).toArray()),
                IValue.listFrom(penalties.stream().mapToLong(Penalty::token).toArray()),
                IValue.listFrom(penalties.stream().mapToDouble(Penalty::value).toArray()),
                IValue.from((long) head));
        PtNDArray tokens = drawn.toTensor(manager)) {
      return tokens.toDoubleArray();
    }
  }

  private float[] floats(IValue value) {
    try (value;
        PtNDArray tensor = value.toTensor(manager)) {
      return tensor.toFloatArray();
    }
  }

  /** Calls a method and releases its arguments, but not the first, which lives on. */
  private IValue callOn(IValue kept, String method, IValue... arguments) {
    IValue[] all = new IValue[arguments.length + 1];
    all[0] = kept;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try {
      return IValueUtils.runMethod(module, method, all);
    } finally {
      closeAll(arguments);
    }
  }

  private IValue call(String method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(module, method, arguments);
    } finally {
      closeAll(arguments);
    }
  }

  private static void closeAll(IValue... values) {
    for (IValue value : values) {
      value.close();
    }
  }

  /** Tensors that are alive besides the weights and caches: none between two calls. */
  int liveTensors() {
    return (int) manager.getManagedArrays().stream().filter(array -> !array.isReleased()).count();
  }

  /** Frees all weights with the last user. */
  @Override
  public void close() {
    users--;
    if (users == 0) {
      List.copyOf(adapters.keySet()).forEach(this::removeAdapter);
      module.close();
      manager.close();
      thread.programs().countClosed();
    }
  }
}
