// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object in a request, each read once and checked. A field of null is not there.
 * What nobody has read is refused at the end, so that nothing that a client asks for is ignored.
 */
final class Fields {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // What is passed on is passed on digit by digit.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final ObjectNode object;
  private final String path;
  private final Set<String> read = new LinkedHashSet<>();

  private Fields(ObjectNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** Of a body. */
  static Fields of(byte[] body) {
    JsonNode node;
    try {
      node = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw ApiException.invalid(
          null, "We could not parse the JSON body of your request: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ApiException.invalid(null, "The body of your request is no JSON text.");
    }
    if (node instanceof ObjectNode object) {
      return new Fields(object, "");
    }
    throw ApiException.invalid(null, "The body of your request must be a JSON object.");
  }

  /** The fields of an object among these; null where there is none. */
  @Nullable Fields object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    return of(value, path + name);
  }

  /** An object that stands somewhere in the request. */
  static Fields of(JsonNode value, String path) {
    if (value instanceof ObjectNode object) {
      return new Fields(object, path + ".");
    }
    throw ApiException.invalid(path, "'%s' must be an object.".formatted(path));
  }

  /** Where a field is, as errors name it. */
  String at(String name) {
    return path + name;
  }

  ApiException wrong(String name, String rule) {
    return ApiException.invalid(at(name), "Invalid value for '%s': %s.".formatted(at(name), rule));
  }

  /** A value of whatever type; null where there is none. */
  @Nullable JsonNode value(String name) {
    read.add(name);
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(name, "it must be a string");
    }
    return value.textValue();
  }

  String requiredText(String name) {
    String value = text(name);
    if (value == null || value.isEmpty()) {
      throw ApiException.invalid(
          at(name), "You must provide a '%s' parameter.".formatted(at(name)));
    }
    return value;
  }

  @Nullable Boolean flag(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw wrong(name, "it must be true or false");
    }
    return value.booleanValue();
  }

  boolean isSet(String name) {
    return Boolean.TRUE.equals(flag(name));
  }

  @Nullable Integer integer(String name, int least, int most) {
    Long value = number(name, (long) least, most);
    return value == null ? null : Integer.valueOf(value.intValue());
  }

  @Nullable Long number(String name, long least, long most) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    boolean whole = value.isIntegralNumber() || (value.isNumber() && isWhole(value.doubleValue()));
    if (!whole
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw wrong(name, "it must be a whole number from %d to %d".formatted(least, most));
    }
    return value.longValue();
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && !Double.isInfinite(value);
  }

  @Nullable Double decimal(String name, double least, double most) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      throw wrong(name, "it must be a number from %s to %s".formatted(least, most));
    }
    return value.doubleValue();
  }

  /** A string, or a list of strings; empty where there is none. */
  List<String> texts(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value.isArray() ? value : List.of(value)) {
      if (!each.isTextual() || each.textValue().isEmpty()) {
        throw wrong(name, "it must be a string or a list of strings, none of them empty");
      }
      texts.add(each.textValue());
    }
    return texts;
  }

  /** Numbers by name; null where there are none. */
  @Nullable Map<String, Double> numbers(String name) {
    Fields fields = object(name);
    if (fields == null) {
      return null;
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : fields.object.properties()) {
      Double number = fields.decimal(each.getKey(), -Double.MAX_VALUE, Double.MAX_VALUE);
      if (number == null) {
        throw fields.wrong(each.getKey(), "it must be a number");
      }
      numbers.put(each.getKey(), number);
    }
    return numbers;
  }

  /** The whole object as JSON, with another value of one field and without the guidance. */
  byte[] with(String name, String value) {
    ObjectNode copy = object.deepCopy();
    copy.put(name, value).remove(Wishes.OBJECT);
    try {
      return JSON.writeValueAsBytes(copy);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fields that say nothing about the answer itself. */
  void ignore(String... names) {
    read.addAll(List.of(names));
  }

  /**
   * Refuses a field that is known and not supported, unless it says what holds anyway.
   *
   * @param harmless values that change nothing, as JSON
   */
  void refuse(String name, String... harmless) {
    JsonNode value = value(name);
    if (value != null && !List.of(harmless).contains(value.toString())) {
      throw ApiException.invalid(
          at(name), "'%s' is not supported by this model.".formatted(at(name)));
    }
  }

  /** Refuses what nobody has read. */
  void refuseOthers() {
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      if (!read.contains(each.getKey())) {
        throw ApiException.invalid(
            at(each.getKey()), "Unrecognized request argument supplied: " + at(each.getKey()));
      }
    }
  }
}
