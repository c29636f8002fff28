// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads conversations and templates from files. */
public final class Messages {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final long LARGEST = 1 << 24;

  private Messages() {}

  /**
   * A conversation: a JSON list of objects with {@code role} and {@code content}; what else they
   * hold chat templates may read.
   *
   * @throws CommandException if the file cannot be read or is no conversation; the message names
   *     the place and the rule
   */
  public static Prompt.Conversation read(String file) {
    JsonNode list;
    try {
      list = JSON.readTree(text(file));
    } catch (JsonProcessingException e) {
      throw new CommandException(file + ": not JSON: " + e.getOriginalMessage(), e);
    }
    return conversation(list, file);
  }

  /**
   * A conversation that was read already.
   *
   * @param place named in errors
   * @throws CommandException if it is none; the message names the place and the rule
   */
  public static Prompt.Conversation conversation(JsonNode list, String place) {
    if (!list.isArray() || list.isEmpty()) {
      throw new CommandException(place + ": must be a list of at least one message");
    }
    List<Turn> turns = new ArrayList<>();
    for (JsonNode message : list) {
      turns.add(turn(message, place + ": message " + (turns.size() + 1)));
    }
    return new Prompt.Conversation(turns);
  }

  private static Turn turn(JsonNode message, String place) {
    if (!message.isObject()) {
      throw new CommandException(place + ": must be an object with role and content");
    }
    JsonNode role = message.path("role");
    if (!role.isTextual() || role.asText().isBlank()) {
      throw new CommandException(place + ": role must be a text that is not blank");
    }
    Map<String, Object> fields =
        JSON.convertValue(message, new TypeReference<LinkedHashMap<String, Object>>() {});
    fields.keySet().removeAll(List.of("role", "content"));
    return new Turn(role.asText(), content(message, place), fields);
  }

  private static String content(JsonNode message, String place) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.asText();
    }
    if ((content.isMissingNode() || content.isNull()) && message.has("tool_calls")) {
      return "";
    }
    throw new CommandException(
        place + ": content must be a text, and may be left out only beside tool_calls");
  }

  /**
   * The text of a file.
   *
   * @throws CommandException if it cannot be read, is too large or no UTF-8
   */
  public static String text(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > LARGEST) {
        throw new CommandException(
            "%s: has %d bytes, must have at most %d".formatted(file, Files.size(path), LARGEST));
      }
      return Files.readString(path);
    } catch (MalformedInputException e) {
      throw new CommandException(file + ": not UTF-8", e);
    } catch (IOException | InvalidPathException e) {
      throw new CommandException(file + ": cannot be read: " + e, e);
    }
  }
}
