// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The tensors of a well-formed safetensors file, to be changed and written again. */
public record Safetensors(Map<String, Tensor> tensors) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public record Tensor(String type, List<Long> shape, ByteBuffer data) {
    public Tensor(String type, List<Long> shape, byte[] data) {
      this(type, shape, ByteBuffer.wrap(data));
    }

    public byte[] bytes() {
      byte[] copy = new byte[data.capacity()];
      data.get(0, copy);
      return copy;
    }

    /** A float32 tensor. */
    public static Tensor of(List<Long> shape, float... values) {
      ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      for (float value : values) {
        data.putFloat(value);
      }
      return new Tensor("F32", shape, data.array());
    }

    public static Tensor zeros(Long... shape) {
      long elements = 1;
      for (long dimension : shape) {
        elements *= dimension;
      }
      return of(List.of(shape), new float[Math.toIntExact(elements)]);
    }

    /** A copy with one float32 value set. */
    public Tensor with(int index, float value) {
      byte[] changed = bytes();
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * index, value);
      return new Tensor(type, shape, changed);
    }

    /** A copy of a float32 tensor in bfloat16, its lower half cut off. */
    public Tensor toBfloat16() {
      ByteBuffer floats = ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer halves = ByteBuffer.allocate(floats.capacity() / 2).order(ByteOrder.LITTLE_ENDIAN);
      while (floats.hasRemaining()) {
        halves.putShort((short) (floats.getInt() >>> 16));
      }
      return new Tensor("BF16", shape, halves.array());
    }
  }

  public static Safetensors of(byte[] file) {
    int length = Math.toIntExact(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
    int start = 8 + length;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try {
      JsonNode header = JSON.readTree(new String(file, 8, length, UTF_8));
      header
          .properties()
          .forEach(
              field -> {
                if (!field.getKey().equals("__metadata__")) {
                  tensors.put(field.getKey(), tensor(field.getValue(), file, start));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Safetensors(tensors);
  }

  private static Tensor tensor(JsonNode json, byte[] file, int start) {
    List<Long> shape = Golden.integers(json.get("shape")).stream().map(Integer::longValue).toList();
    List<Integer> offsets = Golden.integers(json.get("data_offsets"));
    byte[] data = Arrays.copyOfRange(file, start + offsets.get(0), start + offsets.get(1));
    return new Tensor(json.get("dtype").asText(), shape, data);
  }

  public Safetensors with(String name, Tensor tensor) {
    Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
    changed.put(name, tensor);
    return new Safetensors(changed);
  }

  public Safetensors change(String name, UnaryOperator<Tensor> change) {
    return with(name, change.apply(tensors.get(name)));
  }

  public Safetensors without(String name) {
    Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
    changed.remove(name);
    return new Safetensors(changed);
  }

  public byte[] toBytes() {
    ObjectNode header = JSON.createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach(
        (name, tensor) -> {
          ObjectNode json = header.putObject(name).put("dtype", tensor.type());
          json.putPOJO("shape", tensor.shape());
          json.putArray("data_offsets").add(data.size()).add(data.size() + tensor.bytes().length);
          data.writeBytes(tensor.bytes());
        });
    return file(header.toString(), data.toByteArray());
  }

  /** A file of a header and the bytes behind it, whatever they say. */
  public static byte[] file(String header, byte[] data) {
    return file(header.getBytes(UTF_8), data);
  }

  public static byte[] file(byte[] header, byte[] data) {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putLong(header.length).put(header).put(data).array();
  }
}
