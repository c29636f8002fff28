// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;

/** JSON, one object a line. */
public final class JsonLines {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private JsonLines() {}

  /**
   * Reads the object on a line.
   *
   * @throws CommandException if there is none, or more; the message names file and line
   */
  public static ObjectNode read(InputLines.Line line) {
    try {
      if (JSON.readTree(line.text()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new CommandException(line.place() + ": not valid JSON: " + e.getOriginalMessage(), e);
    }
    throw new CommandException(line.place() + ": not a JSON object: " + line.text());
  }

  /**
   * Reads the object on a line as a record, whose components have the keys' names.
   *
   * @throws CommandException if it is none; the message names file and line
   */
  public static <T> T read(InputLines.Line line, Class<T> type) {
    return read(line.text(), type, line.place());
  }

  /**
   * Reads a file of one object as a record.
   *
   * @throws CommandException if it cannot be read, or is none
   */
  public static <T> T readFile(Path file, Class<T> type) {
    return read(Messages.text(file.toString()), type, file.toString());
  }

  private static <T> T read(String text, Class<T> type, String place) {
    try {
      return JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new CommandException(
          "%s: not a %s: %s".formatted(place, type.getSimpleName(), e.getOriginalMessage()), e);
    }
  }

  /** The string of a key. */
  public static String text(ObjectNode object, String key, InputLines.Line line) {
    JsonNode value = object.path(key);
    if (!value.isTextual()) {
      throw wrong(value, key, "a string", line);
    }
    return value.textValue();
  }

  /** The truth value of a key. */
  public static boolean flag(ObjectNode object, String key, InputLines.Line line) {
    JsonNode value = object.path(key);
    if (!value.isBoolean()) {
      throw wrong(value, key, "true or false", line);
    }
    return value.booleanValue();
  }

  private static CommandException wrong(
      JsonNode value, String key, String rule, InputLines.Line line) {
    String found = value.isMissingNode() ? "missing" : value.toString();
    return new CommandException(
        "%s: \"%s\" is %s; it must be %s".formatted(line.place(), key, found, rule));
  }

  /** Writes an object as a line of its own, at once. */
  public static void write(PrintWriter out, Object value) {
    out.print(line(value));
    out.flush();
  }

  /** An object as a line, with its end. */
  public static String line(Object value) {
    return written(JSON.writer(), value);
  }

  /** An object on many lines, for people to read. */
  public static String pretty(Object value) {
    return written(JSON.writerWithDefaultPrettyPrinter(), value);
  }

  private static String written(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
