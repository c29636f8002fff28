// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.w2s.cli.experiment.plan.Reference;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as trees: what they are called, and what is in them; all else as text. */
final class RecordTree {
  private RecordTree() {}

  static JsonNode of(@Nullable Object value) {
    if (value instanceof Record entry && !(value instanceof Reference)) {
      return ofRecord(entry);
    }
    if (value instanceof List<?> list) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      list.forEach(each -> array.add(of(each)));
      return array;
    }
    return TextNode.valueOf(String.valueOf(value));
  }

  private static ObjectNode ofRecord(Record entry) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("is", entry.getClass().getSimpleName());
    for (RecordComponent component : entry.getClass().getRecordComponents()) {
      try {
        object.set(component.getName(), of(component.getAccessor().invoke(entry)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return object;
  }

  /** Where two trees differ, each place with both values. */
  static List<String> differences(JsonNode there, JsonNode here) {
    List<String> differences = new ArrayList<>();
    compare("", there, here, differences);
    return differences;
  }

  private static void compare(
      String place, @Nullable JsonNode there, @Nullable JsonNode here, List<String> differences) {
    if (there instanceof ObjectNode one
        && here instanceof ObjectNode other
        && sameKeys(one, other)) {
      one.fieldNames()
          .forEachRemaining(
              key ->
                  compare(
                      place.isEmpty() ? key : place + "." + key,
                      one.get(key),
                      other.get(key),
                      differences));
    } else if (there instanceof ArrayNode one && here instanceof ArrayNode other) {
      for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
        compare("%s[%d]".formatted(place, i + 1), one.get(i), other.get(i), differences);
      }
    } else if (there == null || !there.equals(here)) {
      differences.add("%s is %s there and %s here".formatted(place, shown(there), shown(here)));
    }
  }

  private static boolean sameKeys(ObjectNode one, ObjectNode other) {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    one.fieldNames().forEachRemaining(first::add);
    other.fieldNames().forEachRemaining(second::add);
    return first.equals(second);
  }

  private static String shown(@Nullable JsonNode node) {
    if (node == null) {
      return "absent";
    }
    JsonNode name = node.path("name");
    return name.isTextual() ? name.asText() : node.isTextual() ? node.asText() : node.toString();
  }
}
