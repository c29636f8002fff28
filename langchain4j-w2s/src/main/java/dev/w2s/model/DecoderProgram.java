// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.w2s.model.TorchScriptArchive.Empty;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.DecoderConfig.Layer;
import dev.w2s.model.family.Family;
import dev.w2s.model.family.Rotary;
import dev.w2s.model.family.WeightPlan.Weight;
import dev.w2s.model.files.StoredType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The decoder in libtorch: {@code decoder.torchscript} with a model's facts and weights. Its
 * methods are those of the program, in Java types; shapes are explained there.
 *
 * <p>Everything runs on the device's inference thread. Weights live until every user has
 * {@linkplain #close closed} it; those of an adapter until it is {@linkplain DecoderAdapters#remove
 * removed}; a cache lives until {@link #closeCache}; all else is released before a method returns.
 */
final class DecoderProgram implements AutoCloseable {
  private static final String SOURCE = "decoder.torchscript";

  private final TorchModule module;
  private final InferenceThread thread;
  private final boolean packs;
  private final DecoderAdapters adapters;
  private int users = 1;

  private DecoderProgram(TorchModule module, InferenceThread thread, boolean packs) {
    this.module = module;
    this.thread = thread;
    this.packs = packs;
    adapters = new DecoderAdapters(module, thread.adapters());
    thread.programs().countOpened();
  }

  /**
   * Compiles the program for a model on the thread's device; the weights follow.
   *
   * @param packs whether oneDNN multiplies all matrices, those of the layers {@linkplain #pack
   *     packed} unless they are {@linkplain #quantise quantised}
   */
  static DecoderProgram load(DecoderConfig config, InferenceThread thread, boolean packs) {
    Map<String, Object> attributes = attributes(config);
    attributes.put("packed", packs);
    byte[] archive = TorchScriptArchive.of("Decoder", source(), attributes);
    return new DecoderProgram(TorchModule.load(archive, thread.device().device()), thread, packs);
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
    WeightBlock whole = WeightBlock.of(weights);
    try (IValue block = block(whole.elements(), layers, type)) {
      whole.placeIn(module, block);
    }
  }

  /**
   * Memory in which one matrix at a time lies until it is {@link #pack}ed, so that what is packed
   * leaves no holes between. The caller closes it.
   *
   * @param weights all that are to be packed
   */
  IValue staging(List<Weight> weights, WeightType type) {
    long largest = weights.stream().mapToLong(Weight::elements).max().orElse(0);
    long least = thread.device().cacheBlock() / type.bytes(); // goes back to the system as one
    return block(Math.max(largest, least), /* layers= */ 0, type);
  }

  private IValue block(long elements, int layers, WeightType type) {
    try (PtNDArray like = module.empty()) {
      return module.call(
          "allocate",
          IValue.from(like),
          IValue.from(elements),
          IValue.from((long) layers),
          IValue.from(type.scalarType()));
    }
  }

  /** Makes memory a matrix, to be filled and then {@link #pack}ed. */
  void stage(IValue staging, Weight weight) {
    WeightBlock.of(List.of(weight)).placeIn(module, staging);
  }

  /** Allocates a matrix in float32, to be filled and then {@link #quantise}d. */
  void stage(Weight weight) {
    try (PtNDArray like = module.empty()) {
      module
          .call(
              "stage",
              IValue.from(like),
              IValue.from((long) weight.layer()),
              IValue.from(weight.name()),
              IValue.from(weight.rows()),
              IValue.from((long) weight.columns()))
          .close();
    }
  }

  /** Whether the layers' matrices, unless quantised, are to be {@linkplain #pack packed}. */
  boolean packs() {
    return packs;
  }

  /** Brings a staged matrix of a layer into the order in which oneDNN reads it. */
  void pack(Weight weight) {
    module.call("pack", IValue.from((long) weight.layer()), IValue.from(weight.name())).close();
  }

  /**
   * Gives a staged matrix its few bits.
   *
   * @param bits 8 or 4
   * @param type of the numbers that go with them
   */
  void quantise(Weight weight, int bits, WeightType type) {
    module
        .call(
            "quantise",
            IValue.from((long) weight.layer()),
            IValue.from(weight.name()),
            IValue.from((long) bits),
            IValue.from(type.scalarType()))
        .close();
  }

  /** The adapters over the weights. */
  DecoderAdapters adapters() {
    return adapters;
  }

  /** One more user, who closes it as well. */
  DecoderProgram share() {
    users++;
    return this;
  }

  /** Adds a float32 matrix, row by row, to the weights outside the layers. */
  void add(String name, float[] values, int columns) {
    Shape shape = new Shape(values.length / columns, columns);
    try (PtNDArray matrix = module.tensor(values, shape)) {
      module.call("add", IValue.from(name), IValue.from(matrix)).close();
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
    try (PtNDArray tensor = module.tensor(chunk, shape, type);
        IValue finite =
            module.call(
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

  /** A cache without slots; the caller gives it to {@link #closeCache}. */
  IValue newCache() {
    IValue cache = module.call("new_cache");
    thread.caches().countOpened();
    return cache;
  }

  /** Frees a cache, also when the program is closed. */
  void closeCache(IValue cache) {
    cache.close();
    thread.caches().countClosed();
  }

  /**
   * Gives a cache more slots.
   *
   * @param cleared how many of its first slots are in use, and kept
   * @param least how many it needs
   * @param block bytes, as {@link ComputeDevice#cacheBlock}
   * @return how many it has then
   */
  int growCache(IValue cache, int cleared, int least, int block) {
    try (IValue slots =
        module.callOn(
            cache,
            "grow_cache",
            IValue.from((long) cleared),
            IValue.from((long) least),
            IValue.from((long) block))) {
      return (int) slots.toLong();
    }
  }

  /** Clears slots of a cache, which has to happen before they are used. */
  void clearSlots(IValue cache, int first, int count) {
    module
        .callOn(cache, "clear_slots", IValue.from((long) first), IValue.from((long) count))
        .close();
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
        module.tensor(mask, new Shape(tokens.length, seen), DataType.BOOLEAN)) {
      module
          .callOn(
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
   * @param head the adapter whose head it is, by {@link DecoderAdapters#head}
   */
  float[] logProbabilities(IValue cache, long[] slots, long[] rows, long[] labels, int head) {
    return module.floats(
        module.callOn(
            cache,
            "log_probabilities",
            IValue.listFrom(slots),
            IValue.listFrom(rows),
            IValue.listFrom(labels),
            IValue.from((long) head)));
  }

  /** Logits of every token (or label) after each slot, row by row. */
  float[] logits(IValue cache, long[] slots, int head) {
    return module.floats(
        module.callOn(cache, "logits", IValue.listFrom(slots), IValue.from((long) head)));
  }

  /** Nats of every token (or label) after each slot, row by row. */
  float[] logSoftmax(IValue cache, long[] slots, int head) {
    return module.floats(
        module.callOn(cache, "log_softmax", IValue.listFrom(slots), IValue.from((long) head)));
  }

  /**
   * A token for each draw, -1 where the logits are not finite; then, in order, their nats.
   *
   * @param steering added to the logits of each slot's first tokens, which alone are drawn then,
   *     row by row; empty for none
   */
  double[] draw(
      IValue cache,
      long[] slots,
      long[] rows,
      double[] uniform,
      SamplingParameters parameters,
      float[] steering,
      List<Penalty> penalties,
      int head) {
    try (PtNDArray added =
        module.tensor(steering, new Shape(slots.length, steering.length / slots.length))) {
      return module.doubles(
          module.callOn(
              cache,
              "draw",
              IValue.listFrom(slots),
              IValue.listFrom(rows),
              IValue.listFrom(uniform),
              IValue.from(parameters.temperature()),
              IValue.from((long) parameters.topK()),
              IValue.from(parameters.topP()),
              IValue.from(added),
              IValue.listFrom(penalties.stream().mapToLong(Penalty::row).toArray()),
              IValue.listFrom(penalties.stream().mapToLong(Penalty::token).toArray()),
              IValue.listFrom(penalties.stream().mapToDouble(Penalty::value).toArray()),
              IValue.from((long) head)));
    }
  }

  /** Tensors that are alive besides the weights and caches: none between two calls. */
  int liveTensors() {
    return module.liveTensors();
  }

  /** Frees all weights with the last user. */
  @Override
  public void close() {
    users--;
    if (users == 0) {
      adapters.close();
      module.close();
      if (packs) {
        NativeHeap.trim(); // they are no part of the block that goes back as one
      }
      thread.programs().countClosed();
    }
  }
}
