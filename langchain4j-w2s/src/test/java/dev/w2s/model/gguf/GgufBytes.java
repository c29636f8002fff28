// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes GGUF files, broken ones among them. Values of keys are written as they are given. */
final class GgufBytes {
  static final int UINT8 = 0;
  static final int UINT32 = 4;
  static final int INT32 = 5;
  static final int FLOAT32 = 6;
  static final int BOOL = 7;
  static final int STRING = 8;
  static final int ARRAY = 9;

  /** Key to type and value. */
  private final Map<String, ByteBuffer> values = new LinkedHashMap<>();

  private final Map<String, ByteBuffer> infos = new LinkedHashMap<>();
  private final ByteBuffer data = buffer(1 << 16);
  private int version = 3;

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static ByteBuffer ints(int... values) {
    ByteBuffer bytes = buffer(4 * values.length);
    Arrays.stream(values).forEach(bytes::putInt);
    return bytes.flip();
  }

  static ByteBuffer longs(long... values) {
    ByteBuffer bytes = buffer(8 * values.length);
    Arrays.stream(values).forEach(bytes::putLong);
    return bytes.flip();
  }

  static ByteBuffer text(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    return buffer(8 + utf8.length).putLong(utf8.length).put(utf8).flip();
  }

  static ByteBuffer joined(ByteBuffer... parts) {
    ByteBuffer all = buffer(Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum());
    Arrays.stream(parts).forEach(part -> all.put(part.duplicate()));
    return all.flip();
  }

  GgufBytes version(int version) {
    this.version = version;
    return this;
  }

  GgufBytes raw(String key, ByteBuffer typeAndValue) {
    values.put(key, typeAndValue);
    return this;
  }

  GgufBytes without(String key) {
    values.remove(key);
    return this;
  }

  GgufBytes set(String key, int value) {
    return raw(key, ints(UINT32, value));
  }

  GgufBytes set(String key, boolean value) {
    return raw(key, joined(ints(BOOL), buffer(1).put((byte) (value ? 1 : 0)).flip()));
  }

  GgufBytes set(String key, float value) {
    return raw(key, ints(FLOAT32, Float.floatToRawIntBits(value)));
  }

  GgufBytes set(String key, String value) {
    return raw(key, joined(ints(STRING), text(value)));
  }

  GgufBytes set(String key, List<String> values) {
    ByteBuffer texts = joined(values.stream().map(GgufBytes::text).toArray(ByteBuffer[]::new));
    return raw(key, joined(ints(ARRAY, STRING), longs(values.size()), texts));
  }

  GgufBytes set(String key, int type, int... values) {
    return raw(key, joined(ints(ARRAY, type), longs(values.length), ints(values)));
  }

  GgufBytes floats(String key, float... values) {
    ByteBuffer bytes = buffer(4 * values.length);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return raw(key, joined(ints(ARRAY, FLOAT32), longs(values.length), bytes.flip()));
  }

  /** A tensor at the next place of its own; dimensions as in the file, the fastest first. */
  GgufBytes tensor(String name, int type, ByteBuffer content, long... dimensions) {
    data.position((data.position() + 31) / 32 * 32);
    info(name, type, data.position(), dimensions);
    data.put(content.duplicate());
    return this;
  }

  /** A tensor of float32 numbers. */
  GgufBytes tensor(String name, float[] numbers, long... dimensions) {
    ByteBuffer bytes = buffer(4 * numbers.length);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return tensor(name, 0, bytes.flip(), dimensions);
  }

  /** What the header says of a tensor, true or not. */
  GgufBytes info(String name, int type, long offset, long... dimensions) {
    infos.put(
        name + "#" + infos.size(),
        joined(text(name), ints(dimensions.length), longs(dimensions), ints(type), longs(offset)));
    return this;
  }

  byte[] bytes() {
    ByteBuffer header =
        joined(
            joined(ByteBuffer.wrap("GGUF".getBytes(UTF_8)), ints(version)),
            longs(infos.size(), values.size()),
            joined(
                values.entrySet().stream()
                    .map(entry -> joined(text(entry.getKey()), entry.getValue()))
                    .toArray(ByteBuffer[]::new)),
            joined(infos.values().toArray(ByteBuffer[]::new)));
    ByteBuffer padding = buffer((32 - header.remaining() % 32) % 32);
    byte[] all = new byte[header.remaining() + padding.remaining() + data.position()];
    joined(header, padding, data.duplicate().flip()).get(all);
    return all;
  }

  Path write(Path file) {
    return write(file, bytes());
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A whole model of one layer that any family of Llama's keys and names can be made of. */
  static GgufBytes llama(String architecture) {
    GgufBytes model =
        new GgufBytes()
            .set("general.architecture", architecture)
            .set(architecture + ".block_count", 1)
            .set(architecture + ".context_length", 64)
            .set(architecture + ".embedding_length", 8)
            .set(architecture + ".feed_forward_length", 4)
            .set(architecture + ".attention.head_count", 2)
            .set(architecture + ".attention.head_count_kv", 1)
            .set(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
            .set("tokenizer.ggml.model", "gpt2")
            .set("tokenizer.ggml.pre", "gpt-2")
            .set("tokenizer.ggml.tokens", List.of("a", "b", "ab", "<end>"))
            .set("tokenizer.ggml.token_type", INT32, 1, 1, 1, 3)
            .set("tokenizer.ggml.merges", List.of("a b"))
            .set("tokenizer.ggml.eos_token_id", 3);
    return model
        .tensor("token_embd.weight", ramp(32), 8, 4)
        .tensor("output_norm.weight", ramp(8), 8)
        .tensor("blk.0.attn_norm.weight", ramp(8), 8)
        .tensor("blk.0.attn_q.weight", ramp(64), 8, 8)
        .tensor("blk.0.attn_k.weight", ramp(32), 8, 4)
        .tensor("blk.0.attn_v.weight", ramp(32), 8, 4)
        .tensor("blk.0.attn_output.weight", ramp(64), 8, 8)
        .tensor("blk.0.ffn_norm.weight", ramp(8), 8)
        .tensor("blk.0.ffn_gate.weight", ramp(32), 8, 4)
        .tensor("blk.0.ffn_up.weight", ramp(32), 8, 4)
        .tensor("blk.0.ffn_down.weight", ramp(32), 4, 8);
  }

  /** 0, 1, 2 and so on, each a little. */
  static float[] ramp(int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = i / 16f;
    }
    return numbers;
  }
}
