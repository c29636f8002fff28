// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, validated before anything of it is trusted. The rules are those
 * of the format's own description and reader (github.com/huggingface/safetensors): a size of at
 * most 100 MB, one JSON object without duplicate keys, known types, and tensors that fill the rest
 * of the file exactly, without holes or overlaps.
 */
final class SafetensorsHeader {
  static final int LENGTH_BYTES = 8;
  static final long MOST_BYTES = 100_000_000;
  private static final String METADATA = "__metadata__";

  private final Path file;
  private final long dataBytes;

  private SafetensorsHeader(Path file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
  }

  /** Checks the first eight bytes: the header's length, which must lie within the file. */
  static long checkedLength(Path file, long length, long fileBytes) {
    if (length < 0 || length > MOST_BYTES) {
      throw InvalidModelException.in(
          file,
          "header length is %s bytes; it must be at most %d"
              .formatted(Long.toUnsignedString(length), MOST_BYTES));
    }
    if (length > fileBytes - LENGTH_BYTES) {
      throw InvalidModelException.in(
          file,
          "header length is %d bytes, but only %d follow; the file is cut off or not safetensors"
              .formatted(length, fileBytes - LENGTH_BYTES));
    }
    return length;
  }

  /**
   * Parses and validates a header.
   *
   * @param file named in errors
   * @param header the header's bytes
   * @param dataBytes how many bytes follow the header
   * @return the tensors by name, in the order of their bytes
   */
  static Map<String, StoredTensor> parse(Path file, ByteBuffer header, long dataBytes) {
    return new SafetensorsHeader(file, dataBytes).parse(header);
  }

  private Map<String, StoredTensor> parse(ByteBuffer header) {
    ObjectNode json = readObject(header);
    checkMetadata(json.remove(METADATA));
    List<StoredTensor> tensors = new ArrayList<>();
    json.properties().forEach(field -> tensors.add(tensor(field.getKey(), field.getValue())));
    tensors.sort(
        Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end));
    checkContiguous(tensors);
    Map<String, StoredTensor> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    return byName;
  }

  private ObjectNode readObject(ByteBuffer header) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(header).toString();
      if (!text.startsWith("{")) {
        throw invalid("header must start with '{'");
      }
      if (JsonTree.STRICT.read(text) instanceof ObjectNode object) {
        return object;
      }
      throw invalid("header is not a JSON object");
    } catch (CharacterCodingException e) {
      throw InvalidModelException.in(file, "header is not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new InvalidModelException(
          file + ": header is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw InvalidModelException.unreadable(file, e);
    }
  }

  private void checkMetadata(@Nullable JsonNode metadata) {
    if (metadata == null || metadata.isNull()) {
      return; // the format's own reader takes null for absent
    }
    if (!metadata.isObject()) {
      throw invalid(METADATA + " must be an object of strings");
    }
    for (JsonNode value : metadata) {
      if (!value.isTextual()) {
        throw invalid(METADATA + " must be an object of strings, but holds " + value);
      }
    }
  }

  private StoredTensor tensor(String name, JsonNode json) {
    String typeName = json.path("dtype").asText("");
    StoredType type = StoredType.find(typeName);
    if (type == null) {
      throw invalid(name, "dtype is '" + typeName + "', which is unknown");
    }
    List<Long> shape = naturals(name, "shape", json.get("shape"));
    List<Long> offsets = naturals(name, "data_offsets", json.get("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > dataBytes) {
      throw invalid(
          name,
          "data_offsets are %s; they must be [begin, end] within the %d bytes that follow the header"
              .formatted(offsets, dataBytes));
    }
    try {
      return new StoredTensor(name, type, shape, offsets.get(0), offsets.get(1));
    } catch (IllegalArgumentException e) {
      throw invalid(name, String.valueOf(e.getMessage()));
    }
  }

  private List<Long> naturals(String name, String key, @Nullable JsonNode json) {
    if (json == null || !json.isArray()) {
      throw invalid(name, key + " must be a list of whole numbers");
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode number : json) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
        throw invalid(name, key + " holds " + number + "; it must be a whole number of at least 0");
      }
      numbers.add(number.asLong());
    }
    return List.copyOf(numbers);
  }

  private void checkContiguous(List<StoredTensor> tensors) {
    long expected = 0;
    for (StoredTensor tensor : tensors) {
      if (tensor.begin() != expected) {
        throw invalid(
            tensor.name(),
            "data_offsets begin at %d, but the tensor before ends at %d; no hole, no overlap"
                .formatted(tensor.begin(), expected));
      }
      expected = tensor.end();
    }
    if (expected != dataBytes) {
      throw invalid(
          "tensors end at byte %d after the header, the file at %d; they must fill it"
              .formatted(expected, dataBytes));
    }
  }

  private InvalidModelException invalid(String tensor, String problem) {
    return invalid("tensor " + tensor + ": " + problem);
  }

  private InvalidModelException invalid(String problem) {
    return InvalidModelException.in(file, problem);
  }
}
