// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.PlainFiles;
import dev.w2s.model.files.PositionedFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a GGUF file, validated before anything of it is trusted. The rules are those of the
 * format's own description and reader ({@code docs/gguf.md} and {@code gguf.cpp} of ggml): no key
 * and no tensor twice, known types, tensors of whole blocks at multiples of the alignment within
 * the file, none over another.
 *
 * @param metadata what the file says beside its tensors
 * @param tensors by name, in the order of their bytes
 */
record GgufHeader(GgufMetadata metadata, Map<String, GgufTensor> tensors) {
  private static final ByteBuffer MAGIC = ByteBuffer.wrap("GGUF".getBytes(US_ASCII));
  private static final String ALIGNMENT = "general.alignment";
  private static final String SPLITS = "split.count";
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MOST_DIMENSIONS = 4;

  /** The format allows arrays of arrays of arrays; nobody writes them. */
  private static final int MOST_DEPTH = 4;

  /**
   * Reads and validates the header of an open file.
   *
   * @throws InvalidModelException if it breaks a rule of the format
   */
  static GgufHeader read(PositionedFile channel) {
    return new Parser(channel).parse();
  }

  private static final class Parser {
    private final PositionedFile channel;
    private final HeaderReader reader;

    Parser(PositionedFile channel) {
      this.channel = channel;
      reader = new HeaderReader(channel);
    }

    GgufHeader parse() {
      checkMagic();
      checkVersion(reader.int32("the version"));
      int tensorCount = reader.count("the number of tensors", TensorInfo.LEAST_BYTES);
      GgufMetadata metadata = metadata();
      checkOneFile(metadata);
      List<TensorInfo> infos = new ArrayList<>();
      for (int i = 0; i < tensorCount; i++) {
        infos.add(tensorInfo(i));
      }
      return new GgufHeader(metadata, place(infos, alignment(metadata)));
    }

    private void checkMagic() {
      int length = (int) Math.min(channel.bytes(), PlainFiles.LFS_POINTER_BYTES);
      ByteBuffer start = ByteBuffer.allocate(length);
      channel.read(0, start);
      PlainFiles.refuseLfsPointer(channel.file(), start.flip());
      if (length < MAGIC.capacity() || !start.slice(0, MAGIC.capacity()).equals(MAGIC)) {
        throw reader.invalid("does not begin with GGUF; it is no GGUF file");
      }
      reader.bytes(MAGIC.capacity(), "GGUF");
    }

    private void checkVersion(int version) {
      if (version != 0 && (version & 0xffff) == 0) {
        throw reader.invalid("is a big-endian GGUF file; only little-endian ones are read");
      }
      if (version != 2 && version != 3) {
        throw reader.invalid(
            "is of GGUF version %s; it must be 2 or 3"
                .formatted(Integer.toUnsignedString(version)));
      }
    }

    private GgufMetadata metadata() {
      int least = Long.BYTES + Integer.BYTES + 1;
      int count = reader.count("the number of keys", least);
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String key = reader.text("key " + i, true);
        Object value = value(key, type(key), 0);
        if (value != null && values.put(key, value) != null) {
          throw reader.invalid("key " + key + " is given twice");
        }
      }
      return new GgufMetadata(channel.file(), Collections.unmodifiableMap(values));
    }

    private ValueType type(String key) {
      int number = reader.int32("the type of " + key);
      ValueType type = ValueType.find(number);
      if (type == null) {
        throw reader.invalid(
            "%s has type %s, which is unknown".formatted(key, Integer.toUnsignedString(number)));
      }
      return type;
    }

    /** A value; null where it is an array of arrays, which nothing here reads. */
    private @Nullable Object value(String key, ValueType type, int depth) {
      return switch (type) {
        case STRING -> reader.text(key, false);
        case ARRAY -> array(key, depth);
        default -> type.read(reader.bytes(type.bytes(), key), 0);
      };
    }

    private @Nullable Object array(String key, int depth) {
      if (depth == MOST_DEPTH) {
        throw reader.invalid(
            key + " is an array within " + depth + " others; that is too deep to be read");
      }
      ValueType type = type(key);
      int count = reader.count("the length of " + key, type.leastBytes());
      if (type == ValueType.ARRAY) {
        for (int i = 0; i < count; i++) {
          array(key, depth + 1);
        }
        return null;
      }
      if (type != ValueType.STRING) {
        return new GgufArray(type, reader.bytes(count * type.bytes(), key));
      }
      List<String> texts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        texts.add(reader.text(key, false));
      }
      return texts;
    }

    private void checkOneFile(GgufMetadata metadata) {
      Integer splits = metadata.integer(SPLITS);
      if (splits != null && splits > 1) {
        throw metadata.invalid(
            SPLITS, "must be 1: a model in several files has to be merged into one first");
      }
    }

    private int alignment(GgufMetadata metadata) {
      Integer alignment = metadata.integer(ALIGNMENT);
      if (alignment == null) {
        return DEFAULT_ALIGNMENT;
      }
      if (Integer.bitCount(alignment) != 1) {
        throw metadata.invalid(ALIGNMENT, "must be a power of two");
      }
      return alignment;
    }

    private TensorInfo tensorInfo(int index) {
      String name = reader.text("the name of tensor " + index, true);
      int dimensions = reader.int32("the shape of tensor " + name);
      if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
        throw invalid(
            name,
            "has %s dimensions; it must have 1 to %d"
                .formatted(Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
      }
      List<Long> shape = new ArrayList<>();
      for (int i = 0; i < dimensions; i++) {
        shape.add(0, reader.int64("the shape of tensor " + name));
      }
      int type = reader.int32("the type of tensor " + name);
      return new TensorInfo(name, shape, type, reader.int64("the offset of tensor " + name));
    }

    private Map<String, GgufTensor> place(List<TensorInfo> infos, int alignment) {
      long headerEnd = reader.at();
      long dataStart = headerEnd + Math.floorMod(-headerEnd, alignment);
      List<GgufTensor> tensors = new ArrayList<>();
      infos.forEach(info -> tensors.add(tensor(info, dataStart, alignment)));
      tensors.sort(Comparator.comparingLong(GgufTensor::start));
      Map<String, GgufTensor> byName = new LinkedHashMap<>();
      long end = dataStart;
      for (GgufTensor tensor : tensors) {
        if (tensor.start() < end) {
          throw invalid(tensor.name(), "begins before the end of the tensor before it");
        }
        end = tensor.start() + tensor.bytes();
        if (byName.put(tensor.name(), tensor) != null) {
          throw invalid(tensor.name(), "is given twice");
        }
      }
      return Collections.unmodifiableMap(byName);
    }

    private GgufTensor tensor(TensorInfo info, long dataStart, int alignment) {
      TensorType type = TensorType.find(info.type());
      if (type == null) {
        throw invalid(
            info.name(),
            "is of type %s; it must be one of %s"
                .formatted(TensorType.nameOf(info.type()), String.join(", ", TensorType.names())));
      }
      long bytes = bytes(info, type);
      long offset = info.offset();
      if (offset < 0 || offset % alignment != 0) {
        throw invalid(
            info.name(),
            "begins at offset %s; it must be a multiple of the alignment, %d"
                .formatted(Long.toUnsignedString(offset), alignment));
      }
      long data = Math.max(0, channel.bytes() - dataStart);
      if (bytes > data || offset > data - bytes) {
        throw invalid(
            info.name(),
            "takes %d bytes at offset %d, but only %d follow the header; the file is cut off or damaged"
                .formatted(bytes, offset, data));
      }
      return new GgufTensor(info.name(), type, info.shape(), dataStart + offset);
    }

    private long bytes(TensorInfo info, TensorType type) {
      long columns = info.shape().get(info.shape().size() - 1);
      if (columns % type.blockElements() != 0) {
        throw invalid(
            info.name(),
            "has rows of %d elements; those of type %s must be a multiple of %d"
                .formatted(columns, type, type.blockElements()));
      }
      long elements = 1;
      try {
        for (long dimension : info.shape()) {
          if (dimension < 0) {
            throw new ArithmeticException();
          }
          elements = Math.multiplyExact(elements, dimension);
        }
        return Math.multiplyExact(elements / type.blockElements(), (long) type.blockBytes());
      } catch (ArithmeticException e) {
        throw invalid(info.name(), "has shape " + info.shape() + ", which is too large");
      }
    }

    private InvalidModelException invalid(String tensor, String problem) {
      return reader.invalid("tensor " + tensor + " " + problem);
    }
  }

  /**
   * A tensor as the header describes it, not checked yet.
   *
   * @param name its name
   * @param shape its dimensions, reversed against the file
   * @param type number of its type
   * @param offset of its first byte behind the header
   */
  private record TensorInfo(String name, List<Long> shape, int type, long offset) {
    /** Length of the name, number of dimensions, one dimension, type, offset. */
    static final int LEAST_BYTES =
        Long.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;
  }
}
