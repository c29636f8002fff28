// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.InvalidModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file says beside its tensors, read with errors that name file, key, value and rule.
 *
 * @param file where it was read
 * @param values by key: Boolean, Long, Double, String, {@link GgufArray}, or a list of strings
 */
record GgufMetadata(Path file, Map<String, Object> values) {

  boolean has(String key) {
    return values.containsKey(key);
  }

  @Nullable String text(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof String)) {
      throw invalid(key, "must be a string");
    }
    return (String) value;
  }

  String requiredText(String key) {
    String value = text(key);
    if (value == null) {
      throw invalid(key, "must be given");
    }
    return value;
  }

  boolean flag(String key, boolean fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw invalid(key, "must be true or false");
  }

  /** A whole number from 0 to that of an int; null where it is absent. */
  @Nullable Integer integer(String key) {
    Object value = values.get(key);
    return value == null ? null : natural(key, value);
  }

  int requiredInteger(String key) {
    Integer value = integer(key);
    if (value == null) {
      throw invalid(key, "must be given");
    }
    return value;
  }

  /** A whole number of any size; null where it is absent. */
  @Nullable Long wholeNumber(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof Long) {
      return (Long) value;
    }
    throw invalid(key, "must be a whole number");
  }

  /** A number; null where it is absent. */
  @Nullable Double number(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof Double) {
      return (Double) value;
    }
    if (value instanceof Long whole) {
      return whole.doubleValue();
    }
    throw invalid(key, "must be a number");
  }

  /**
   * A whole number that may be written once for each layer, but must be the same for all.
   *
   * @return null where it is absent
   */
  @Nullable Integer sameInAllLayers(String key) {
    if (!(values.get(key) instanceof GgufArray array)) {
      return integer(key);
    }
    for (int i = 0; i < array.size(); i++) {
      if (!array.get(i).equals(array.get(0))) {
        throw invalid(key, "must be one number for all layers");
      }
    }
    if (array.size() == 0) {
      throw invalid(key, "must hold a number");
    }
    return natural(key, array.get(0));
  }

  /** The elements of an array of numbers or truth values; null where it is absent. */
  @Nullable GgufArray array(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof GgufArray)) {
      throw invalid(key, "must be an array of numbers");
    }
    return (GgufArray) value;
  }

  /** The elements of an array of strings; null where it is absent. */
  @Nullable List<String> texts(String key) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(text -> texts.add((String) text));
    } else if (!(value instanceof GgufArray array) || array.size() > 0) {
      throw invalid(key, "must be an array of strings");
    }
    return texts;
  }

  private int natural(String key, Object value) {
    if (value instanceof Long whole && whole >= 0 && whole <= Integer.MAX_VALUE) {
      return whole.intValue();
    }
    throw invalid(key, "must be a whole number from 0 to " + Integer.MAX_VALUE);
  }

  InvalidModelException invalid(String key, String rule) {
    return InvalidModelException.in(file, "%s is %s; it %s".formatted(key, shown(key), rule));
  }

  private String shown(String key) {
    Object value = values.get(key);
    if (value == null) {
      return "missing";
    }
    if (value instanceof GgufArray array) {
      return "an array of %d %s".formatted(array.size(), array.type());
    }
    if (value instanceof List<?> list) {
      return "an array of " + list.size() + " strings";
    }
    String text = value instanceof String ? "'" + value + "'" : value.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
