// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * JSON as a tree, by Jackson's parser and nodes alone. Its mapper would do the same, but takes a
 * tenth of a second to be made, which every start of a model would wait for.
 *
 * @param factory of parsers, which bound the depth and the length of what they read
 */
record JsonTree(JsonFactory factory) {
  /** Python writes NaN and Infinity bare; a key that is read says itself whether it takes them. */
  static final JsonTree PYTHON =
      new JsonTree(JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build());

  /** A key twice in one object is an error. */
  static final JsonTree STRICT =
      new JsonTree(
          JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  /**
   * Reads a text in UTF-8 that is one value and nothing else; of a key that stands twice the last
   * value counts.
   *
   * @return a missing node where there is none
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON, or more follows
   */
  JsonNode read(byte[] text) throws IOException {
    try (JsonParser parser = factory.createParser(text)) {
      return whole(parser);
    }
  }

  /**
   * Does what {@link #read(byte[])} does with a text that is decoded.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON, or more follows
   */
  JsonNode read(String text) throws IOException {
    try (JsonParser parser = factory.createParser(text)) {
      return whole(parser);
    }
  }

  private static JsonNode whole(JsonParser parser) throws IOException {
    if (parser.nextToken() == null) {
      return MissingNode.getInstance();
    }
    JsonNode value = value(parser);
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "more follows the end of the value");
    }
    return value;
  }

  /** The text of a tree in UTF-8. */
  byte[] write(JsonNode tree) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator generator = factory.createGenerator(text);
        JsonParser nodes = tree.traverse()) {
      nodes.nextToken();
      generator.copyCurrentStructure(nodes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toByteArray();
  }

  private static JsonNode value(JsonParser parser) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, nodes.objectNode());
      case START_ARRAY -> array(parser, nodes.arrayNode());
      case VALUE_STRING -> nodes.textNode(parser.getText());
      case VALUE_NUMBER_INT -> wholeNumber(parser, nodes);
      case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      default -> nodes.nullNode();
    };
  }

  private static ObjectNode object(JsonParser parser, ObjectNode object) throws IOException {
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      object.set(key, value(parser));
    }
    return object;
  }

  private static ArrayNode array(JsonParser parser, ArrayNode array) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private static JsonNode wholeNumber(JsonParser parser, JsonNodeFactory nodes) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> nodes.numberNode(parser.getIntValue());
      case LONG -> nodes.numberNode(parser.getLongValue());
      default -> nodes.numberNode(parser.getBigIntegerValue());
    };
  }
}
