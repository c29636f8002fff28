// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in a model's directory, read with errors that name file, key, value and rule.
 *
 * @param file where it was read
 * @param path the keys that lead to this object within the file, with a trailing dot; empty at the
 *     top
 * @param json the object
 */
public record JsonFile(Path file, String path, ObjectNode json) {
  public static JsonFile read(Path file) {
    return parse(file, PlainFiles.read(file));
  }

  /** Reads an object that was read from a file. */
  public static JsonFile parse(Path file, byte[] bytes) {
    return new JsonFile(file, "", object(file, bytes));
  }

  /** What stands for an object that is not there. */
  public JsonFile empty(String key) {
    return new JsonFile(file, path + key + ".", JsonNodeFactory.instance.objectNode());
  }

  /** What stands for a file that is not there. */
  static JsonFile empty(Path file) {
    return new JsonFile(file, "", JsonNodeFactory.instance.objectNode());
  }

  private static ObjectNode object(Path file, byte[] bytes) {
    try {
      if (JsonTree.PYTHON.read(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      PlainFiles.refuseLfsPointer(file, ByteBuffer.wrap(bytes));
      throw new InvalidModelException(
          "%s: not valid JSON%s: %s"
              .formatted(file, place(e.getLocation()), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw InvalidModelException.unreadable(file, e);
    }
    throw InvalidModelException.in(file, "not a JSON object");
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** The value of a key, null where it is absent or JSON null. */
  public @Nullable JsonNode find(String key) {
    JsonNode value = json.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /** The keys of this object, in the file's order. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** The object as JSON text in UTF-8. */
  public byte[] toBytes() {
    return JsonTree.PYTHON.write(json);
  }

  public boolean has(String key) {
    return find(key) != null;
  }

  /** A whole number from {@code low} to {@code high}; required when {@code fallback} is null. */
  public int integer(String key, @Nullable Integer fallback, int low, int high) {
    JsonNode value = orRequired(key, fallback);
    if (value == null) {
      return fallback == null ? low : fallback;
    }
    if (!value.isInt() || value.asInt() < low || value.asInt() > high) {
      throw invalid(key, "must be a whole number from " + low + " to " + high);
    }
    return value.asInt();
  }

  /** A finite number above zero; required when {@code fallback} is null. */
  public double positive(String key, @Nullable Double fallback) {
    JsonNode value = orRequired(key, fallback);
    if (value == null) {
      return fallback == null ? 0 : fallback;
    }
    double number = value.isNumber() ? value.asDouble() : Double.NaN;
    if (!(number > 0) || Double.isInfinite(number)) {
      throw invalid(key, "must be a finite number above 0");
    }
    return number;
  }

  public boolean flag(String key, boolean fallback) {
    JsonNode value = find(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw invalid(key, "must be true or false");
    }
    return value.asBoolean();
  }

  public @Nullable String text(String key) {
    JsonNode value = find(key);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw invalid(key, "must be a string");
    }
    return value.asText();
  }

  /** A whole number or a list of them, as {@code eos_token_id} is; empty when absent. */
  public List<Long> wholeNumbers(String key) {
    JsonNode value = find(key);
    List<Long> numbers = new ArrayList<>();
    if (value != null) {
      for (JsonNode item : value.isArray() ? value : List.of(value)) {
        if (!item.isIntegralNumber() || !item.canConvertToLong()) {
          throw invalid(key, "must be a whole number or a list of them");
        }
        numbers.add(item.asLong());
      }
    }
    return numbers;
  }

  /** A list of finite numbers above zero. */
  public List<Double> positives(String key) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode item : list(key)) {
      double number = item.isNumber() ? item.asDouble() : Double.NaN;
      if (!(number > 0) || Double.isInfinite(number)) {
        throw invalid(key, "must be a list of finite numbers above 0");
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** A list of strings. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(key)) {
      if (!item.isTextual()) {
        throw invalid(key, "must be a list of strings");
      }
      texts.add(item.asText());
    }
    return texts;
  }

  private JsonNode list(String key) {
    JsonNode value = find(key);
    if (value == null || !value.isArray()) {
      throw invalid(key, "must be a list");
    }
    return value;
  }

  /** The object under a key, null where it is absent. */
  public @Nullable JsonFile object(String key) {
    JsonNode value = find(key);
    if (value == null) {
      return null;
    }
    if (value instanceof ObjectNode object) {
      return new JsonFile(file, path + key + ".", object);
    }
    throw invalid(key, "must be an object");
  }

  public InvalidModelException invalid(String key, String rule) {
    return InvalidModelException.in(
        file, "%s%s is %s; it %s".formatted(path, key, shown(key), rule));
  }

  private String shown(String key) {
    JsonNode value = json.get(key);
    String text = value == null ? "missing" : asJson(value);
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  /** Jackson puts NaN and Infinity in quotes, as if they had been a string in the file. */
  private static String asJson(JsonNode value) {
    return value.isNumber() ? value.asText() : value.toString();
  }

  private @Nullable JsonNode orRequired(String key, @Nullable Object fallback) {
    JsonNode value = find(key);
    if (value == null && fallback == null) {
      throw invalid(key, "must be given");
    }
    return value;
  }
}
