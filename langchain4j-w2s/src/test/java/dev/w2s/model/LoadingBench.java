// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.Families;
import dev.w2s.model.family.WeightPlan;
import dev.w2s.model.family.WeightPlan.Part;
import dev.w2s.model.family.WeightPlan.Weight;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.files.StoredType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What loading a model of 135 M parameters takes beside reading its file, which is in the system's
 * cache: seconds of the clock and of the processor, the least of {@value #ROUNDS}. No test: it
 * prints numbers and asserts none.
 *
 * <pre>./mvnw -pl langchain4j-w2s -am test -Dtest=LoadingBench
 * -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class LoadingBench {
  private static final int ROUNDS = 5;
  private static final int BUFFER = 1 << 20;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @TempDir private Path directory;

  private interface Work {
    void run() throws IOException;
  }

  @Test
  void print() throws IOException {
    for (StoredType type : new StoredType[] {StoredType.F32, StoredType.BF16}) {
      ModelDirectory model = write(type);
      long bytes = model.file("model.safetensors").toFile().length();
      for (WeightType held : new WeightType[] {WeightType.FLOAT32, WeightType.BFLOAT16}) {
        Placement placement = new Placement("cpu", held);
        double[] read = seconds(() -> read(model.file("model.safetensors")));
        double[] load = seconds(() -> CausalModel.load(model.path().toString(), placement).close());
        System.out.printf(
            Locale.ROOT,
            "%s as %s, %d MB: reading %.3f s (processor %.3f), loading %.3f s (%.3f), %.0f MB/s%n",
            type,
            held,
            bytes / 1_000_000,
            read[0],
            read[1],
            load[0],
            load[1],
            bytes / 1e6 / load[0]);
      }
    }
  }

  private static double[] seconds(Work work) throws IOException {
    double clock = Double.MAX_VALUE;
    double processor = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long before = PROCESS.getProcessCpuTime();
      work.run();
      processor = Math.min(processor, (PROCESS.getProcessCpuTime() - before) / 1e9);
      clock = Math.min(clock, (System.nanoTime() - start) / 1e9);
    }
    return new double[] {clock, processor};
  }

  private static void read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
      while (channel.read(buffer) >= 0) {
        buffer.clear();
      }
    }
  }

  /** A model of SmolLM2-135M's shape. */
  private ModelDirectory write(StoredType type) throws IOException {
    ModelDirectory model =
        ModelDirectory.copyOf("llama-gqa", directory.resolve(type.name()))
            .delete("model.safetensors")
            .edit("config.json", LoadingBench::shape);
    DecoderConfig config = Families.read(ModelFolder.of(model.path()));
    WeightPlan plan = WeightPlan.of(config, Set.of("model.norm.weight"), /* ownHead= */ false);
    ObjectNode header = new ObjectMapper().createObjectNode();
    long end = 0;
    for (Weight weight : plan.weights()) {
      for (Part part : weight.parts()) {
        long start = end;
        end += part.rows() * (long) Math.max(1, weight.columns()) * type.bits() / 8;
        ObjectNode tensor = header.putObject(part.name()).put("dtype", type.name());
        tensor.putPOJO("shape", weight.storedShape(part));
        tensor.putArray("data_offsets").add(start).add(end);
      }
    }
    try (FileChannel out =
        FileChannel.open(
            model.file("model.safetensors"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      writeHeader(out, header.toString().getBytes(StandardCharsets.UTF_8));
      writeWeights(out, type, end);
    }
    return model;
  }

  private static void shape(ObjectNode config) {
    config.put("vocab_size", 49152).put("hidden_size", 576).put("intermediate_size", 1536);
    config.put("num_hidden_layers", 30).put("head_dim", 64);
    config.put("num_attention_heads", 9).put("num_key_value_heads", 3);
    config.put("tie_word_embeddings", true).put("attention_bias", false).put("mlp_bias", false);
  }

  private static void writeHeader(FileChannel out, byte[] header) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).flip());
    out.write(ByteBuffer.wrap(header));
  }

  private static void writeWeights(FileChannel out, StoredType type, long bytes)
      throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    ByteBuffer chunk = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = 0; at < bytes; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(BUFFER, bytes - at));
      while (chunk.hasRemaining()) {
        int bits = Float.floatToRawIntBits((float) random.nextGaussian() / 50);
        if (type == StoredType.F32) {
          chunk.putInt(bits);
        } else {
          chunk.putShort((short) (bits >>> 16));
        }
      }
      out.write(chunk.flip());
    }
  }
}
