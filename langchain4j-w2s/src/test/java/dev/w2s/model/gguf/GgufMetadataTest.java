// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of keys, and what is said of one that breaks a rule. */
class GgufMetadataTest {
  private static final Path FILE = Path.of("model.gguf");

  private static GgufMetadata of(Object value) {
    return new GgufMetadata(FILE, Map.of("key", value));
  }

  private static GgufArray bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return new GgufArray(ValueType.INT8, bytes.flip());
  }

  private static void assertInvalid(Object value, Consumer<GgufMetadata> use, String message) {
    GgufMetadata metadata = of(value);
    assertThatThrownBy(() -> use.accept(metadata))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(FILE + ": key is " + message);
  }

  @Test
  void valuesComeInTheirTypes() {
    assertThat(of("text").text("key")).isEqualTo("text");
    assertThat(of("text").requiredText("key")).isEqualTo("text");
    assertThat(of(true).flag("key", false)).isTrue();
    assertThat(of(false).flag("key", true)).isFalse();
    assertThat(of(7L).integer("key")).isEqualTo(7);
    assertThat(of(7L).requiredInteger("key")).isEqualTo(7);
    assertThat(of(-7L).wholeNumber("key")).isEqualTo(-7);
    assertThat(of(0.5).number("key")).isEqualTo(0.5);
    assertThat(of(7L).number("key")).isEqualTo(7.0);
    assertThat(of(bytes(1, 2)).array("key")).isEqualTo(bytes(1, 2));
    assertThat(of(List.of("a", "")).texts("key")).containsExactly("a", "");
    assertThat(of(bytes()).texts("key")).as("of nothing, whatever its type").isEmpty();
  }

  @Test
  void whatIsNotThereIsNone() {
    GgufMetadata metadata = of("text");
    assertThat(metadata.has("key")).isTrue();
    assertThat(metadata.has("other")).isFalse();
    assertThat(metadata.text("other")).isNull();
    assertThat(metadata.flag("other", true)).isTrue();
    assertThat(metadata.flag("other", false)).isFalse();
    assertThat(metadata.integer("other")).isNull();
    assertThat(metadata.wholeNumber("other")).isNull();
    assertThat(metadata.number("other")).isNull();
    assertThat(metadata.sameInAllLayers("other")).isNull();
    assertThat(metadata.array("other")).isNull();
    assertThat(metadata.texts("other")).isNull();
    String missing = FILE + ": other is missing; it must be given";
    assertThatThrownBy(() -> metadata.requiredText("other")).hasMessage(missing);
    assertThatThrownBy(() -> metadata.requiredInteger("other")).hasMessage(missing);
  }

  @Test
  void valuesOfOtherTypesAreRefused() {
    assertInvalid(7L, metadata -> metadata.text("key"), "7; it must be a string");
    assertInvalid(1L, metadata -> metadata.flag("key", true), "1; it must be true or false");
    assertInvalid(0.5, metadata -> metadata.wholeNumber("key"), "0.5; it must be a whole number");
    assertInvalid("7", metadata -> metadata.number("key"), "'7'; it must be a number");
    assertInvalid(7L, metadata -> metadata.array("key"), "7; it must be an array of numbers");
    assertInvalid(
        List.of("a", "b"),
        metadata -> metadata.array("key"),
        "an array of 2 strings; it must be an array of numbers");
    assertInvalid("a", metadata -> metadata.texts("key"), "'a'; it must be an array of strings");
    assertInvalid(
        bytes(1),
        metadata -> metadata.texts("key"),
        "an array of 1 INT8; it must be an array of strings");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Integer.MAX_VALUE})
  void anIntegerIsNatural(long value) {
    assertThat(of(value).integer("key")).isEqualTo((int) value);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L + Integer.MAX_VALUE})
  void otherIntegersAreRefused(long value) {
    String rule = value + "; it must be a whole number from 0 to 2147483647";
    assertInvalid(value, metadata -> metadata.integer("key"), rule);
    assertInvalid(value, metadata -> metadata.sameInAllLayers("key"), rule);
  }

  @Test
  void aNumberOfAllLayersIsWrittenOnceOrForEach() {
    assertThat(of(7L).sameInAllLayers("key")).isEqualTo(7);
    assertThat(of(bytes(7)).sameInAllLayers("key")).isEqualTo(7);
    assertThat(of(bytes(7, 7, 7)).sameInAllLayers("key")).isEqualTo(7);
    assertInvalid(
        bytes(7, 7, 8),
        metadata -> metadata.sameInAllLayers("key"),
        "an array of 3 INT8; it must be one number for all layers");
    assertInvalid(
        bytes(),
        metadata -> metadata.sameInAllLayers("key"),
        "an array of 0 INT8; it must hold a number");
  }

  /** 80 characters, quotes included, are shown. */
  @Test
  void aLongValueIsCut() {
    assertInvalid(
        "x".repeat(78),
        metadata -> metadata.integer("key"),
        "'" + "x".repeat(78) + "'; it must be a whole number from 0 to 2147483647");
    assertInvalid(
        "x".repeat(79),
        metadata -> metadata.integer("key"),
        "'" + "x".repeat(76) + "...; it must be a whole number from 0 to 2147483647");
  }
}
