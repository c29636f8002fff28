// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A randomly initialised GPT-2 in a temporary directory, which is deleted on closing. Weights are
 * normal with standard deviation 0.02, norms are 1, biases 0, as at the start of a training.
 *
 * @param directory holds what a Hugging Face directory holds
 */
record RandomGpt2(Path directory) implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double DEVIATION = 0.02;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "tokenizer_config.json");

  /** Sizes of a GPT-2. */
  record Shape(int layers, int width, int heads, int positions, int vocabulary) {
    /** GPT-2 small, 124 M parameters. */
    static final Shape SMALL = new Shape(12, 768, 12, 1024, 50257);

    /** Tensors by name, in the order of the file. */
    Map<String, List<Integer>> tensors() {
      Map<String, List<Integer>> tensors = new LinkedHashMap<>();
      tensors.put("transformer.wte.weight", List.of(vocabulary, width));
      tensors.put("transformer.wpe.weight", List.of(positions, width));
      for (int layer = 0; layer < layers; layer++) {
        String at = "transformer.h." + layer + ".";
        put(tensors, at + "ln_1", List.of(width), width);
        put(tensors, at + "attn.c_attn", List.of(width, 3 * width), 3 * width);
        put(tensors, at + "attn.c_proj", List.of(width, width), width);
        put(tensors, at + "ln_2", List.of(width), width);
        put(tensors, at + "mlp.c_fc", List.of(width, 4 * width), 4 * width);
        put(tensors, at + "mlp.c_proj", List.of(4 * width, width), width);
      }
      put(tensors, "transformer.ln_f", List.of(width), width);
      return tensors;
    }

    private static void put(
        Map<String, List<Integer>> tensors, String name, List<Integer> weight, int bias) {
      tensors.put(name + ".weight", weight);
      tensors.put(name + ".bias", List.of(bias));
    }
  }

  /**
   * Writes a model.
   *
   * @param tokenizer directory whose tokenizer it takes; it may have fewer tokens than the model
   * @throws IOException if the temporary directory cannot be written
   */
  static RandomGpt2 write(Shape shape, long seed, Path tokenizer) throws IOException {
    RandomGpt2 model = new RandomGpt2(Files.createTempDirectory("w2s-bench-"));
    // Files to be deleted even if the process is interrupted; last registered, first deleted.
    model.directory.toFile().deleteOnExit();
    try {
      for (String name : TOKENIZER_FILES) {
        Files.copy(tokenizer.resolve(name), model.file(name));
      }
      JSON.writeValue(model.file("config.json").toFile(), config(shape));
      writeWeights(model.file("model.safetensors"), shape, new SplittableRandom(seed));
      return model;
    } catch (IOException | RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private Path file(String name) {
    Path file = directory.resolve(name);
    file.toFile().deleteOnExit();
    return file;
  }

  private static Map<String, Object> config(Shape shape) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "gpt2");
    config.put("architectures", List.of("GPT2LMHeadModel"));
    config.put("n_layer", shape.layers());
    config.put("n_embd", shape.width());
    config.put("n_head", shape.heads());
    config.put("n_positions", shape.positions());
    config.put("vocab_size", shape.vocabulary());
    return config;
  }

  /** As bfloat16, which is the upper half of a float: half the file, and no rounding to mind. */
  private static void writeWeights(Path file, Shape shape, SplittableRandom random)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, List<Integer>> tensor : shape.tensors().entrySet()) {
      long begin = end;
      end += 2 * elements(tensor.getValue());
      header.put(
          tensor.getKey(),
          Map.of("dtype", "BF16", "shape", tensor.getValue(), "data_offsets", List.of(begin, end)));
    }
    byte[] json = JSON.writeValueAsBytes(header);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      buffer.putLong(json.length);
      drain(buffer, channel);
      channel.write(ByteBuffer.wrap(json));
      for (Map.Entry<String, List<Integer>> tensor : shape.tensors().entrySet()) {
        writeTensor(tensor.getKey(), elements(tensor.getValue()), random, buffer, channel);
      }
    }
  }

  private static void writeTensor(
      String name, long elements, SplittableRandom random, ByteBuffer buffer, FileChannel channel)
      throws IOException {
    boolean bias = name.endsWith(".bias");
    boolean norm = name.contains("ln_");
    for (long i = 0; i < elements; i++) {
      double value = bias ? 0 : norm ? 1 : DEVIATION * random.nextGaussian();
      buffer.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16));
      if (!buffer.hasRemaining()) {
        drain(buffer, channel);
      }
    }
    drain(buffer, channel);
  }

  private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private static long elements(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  @Override
  public void close() throws IOException {
    for (String name : List.of("model.safetensors", "config.json")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    for (String name : TOKENIZER_FILES) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }
}
