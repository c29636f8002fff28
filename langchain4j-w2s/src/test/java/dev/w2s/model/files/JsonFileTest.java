// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of a JSON object, and what is said of one that breaks a rule. */
class JsonFileTest {
  private static final Path FILE = Path.of("config.json");

  @TempDir private Path directory;

  private static JsonFile json(String text) {
    return JsonFile.parse(FILE, text.replace('\'', '"').getBytes(UTF_8));
  }

  private static void assertInvalid(String text, Consumer<JsonFile> use, String message) {
    JsonFile file = json(text);
    assertThatThrownBy(() -> use.accept(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(FILE + ": " + message);
  }

  @Test
  void aFileIsRead() throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), "{\"b\": 1, \"a\": null}");
    JsonFile read = JsonFile.read(file);
    assertThat(read.file()).isEqualTo(file);
    assertThat(read.path()).isEmpty();
    assertThat(read.keys()).containsExactly("b", "a");
    assertThat(new String(read.toBytes(), UTF_8)).isEqualTo("{\"b\":1,\"a\":null}");
  }

  @Test
  void nullIsAsGoodAsNothing() {
    JsonFile file = json("{'a': null, 'c': 0}");
    assertThat(file.find("a")).isNull();
    assertThat(file.find("b")).isNull();
    assertThat(file.find("c")).isNotNull();
    assertThat(file.has("a")).isFalse();
    assertThat(file.has("b")).isFalse();
    assertThat(file.has("c")).isTrue();
  }

  @Test
  void brokenJsonIsToldByItsPlace() {
    assertThatThrownBy(() -> json("{\n  'a': 1,\n  'b': x}"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(FILE + ": not valid JSON at line 3, column ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "null", ""})
  void whatIsNoObjectIsRefused(String text) {
    assertThatThrownBy(() -> json(text))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(FILE + ": not a JSON object");
  }

  @Test
  void aPointerToTheFileIsNamedAsSuch() {
    assertThatThrownBy(() -> json("version https://git-lfs.github.com/spec/v1\nsize 7\n"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(FILE + ": is a Git LFS pointer");
  }

  @Test
  void aWholeNumberLiesWithinItsBounds() {
    JsonFile file = json("{'least': 2, 'most': 9, 'null': null}");
    assertThat(file.integer("least", null, 2, 9)).isEqualTo(2);
    assertThat(file.integer("most", 5, 2, 9)).isEqualTo(9);
    assertThat(file.integer("null", 5, 2, 9)).isEqualTo(5);
    assertThat(file.integer("missing", 5, 2, 9)).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "10, 10", "5.0, 5.0", "'5', '\"5\"'", "4294967299, 4294967299"})
  void anotherWholeNumberIsRefused(String value, String shown) {
    String text = value.equals("5") ? "'5'" : value;
    assertInvalid(
        "{'key': " + text + "}",
        file -> file.integer("key", 5, 2, 9),
        "key is " + shown + "; it must be a whole number from 2 to 9");
  }

  @Test
  void whatIsRequiredMustBeGiven() {
    assertInvalid(
        "{}", file -> file.integer("key", null, 2, 9), "key is missing; it must be given");
    assertInvalid("{'key': null}", f -> f.positive("key", null), "key is null; it must be given");
  }

  @Test
  void aPositiveNumberMayBeWhole() {
    JsonFile file = json("{'whole': 2, 'small': 1e-9}");
    assertThat(file.positive("whole", null)).isEqualTo(2);
    assertThat(file.positive("small", 5.0)).isEqualTo(1e-9);
    assertThat(file.positive("missing", 5.0)).isEqualTo(5);
  }

  /** Python writes the last two bare. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "true", "NaN", "Infinity"})
  void anotherPositiveNumberIsRefused(String value) {
    assertInvalid(
        "{'key': " + value + "}",
        file -> file.positive("key", 5.0),
        "key is " + value + "; it must be a finite number above 0");
    assertInvalid(
        "{'key': [1, " + value + "]}",
        file -> file.positives("key"),
        "key is %s; it must be a list of finite numbers above 0".formatted(shown(value)));
  }

  /** Within a list Jackson shows what is no number in quotes. */
  private static String shown(String value) {
    boolean quoted = value.equals("NaN") || value.equals("Infinity");
    return quoted ? "[1,\"" + value + "\"]" : "[1," + value + "]";
  }

  @Test
  void aFlagIsTrueOrFalse() {
    JsonFile file = json("{'yes': true, 'no': false}");
    assertThat(file.flag("yes", false)).isTrue();
    assertThat(file.flag("no", true)).isFalse();
    assertThat(file.flag("missing", true)).isTrue();
    assertThat(file.flag("missing", false)).isFalse();
    assertInvalid("{'key': 1}", f -> f.flag("key", true), "key is 1; it must be true or false");
  }

  @Test
  void aTextIsAString() {
    JsonFile file = json("{'key': 'é', 'null': null}");
    assertThat(file.text("key")).isEqualTo("é");
    assertThat(file.text("null")).isNull();
    assertInvalid("{'key': 7}", f -> f.text("key"), "key is 7; it must be a string");
  }

  /** As eos_token_id is, of one or of several. */
  @Test
  void wholeNumbersAreOneOrAList() {
    JsonFile file = json("{'one': 4294967299, 'list': [2, -3], 'none': []}");
    assertThat(file.wholeNumbers("one")).containsExactly(4_294_967_299L);
    assertThat(file.wholeNumbers("list")).containsExactly(2L, -3L);
    assertThat(file.wholeNumbers("none")).isEmpty();
    assertThat(file.wholeNumbers("missing")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "[1,2.0]", "[1,\"2\"]", "true", "9223372036854775808"})
  void otherNumbersAreNotWhole(String value) {
    assertInvalid(
        "{'key': " + value + "}",
        file -> file.wholeNumbers("key"),
        "key is " + value + "; it must be a whole number or a list of them");
  }

  @Test
  void listsHoldOneKind() {
    JsonFile file = json("{'numbers': [1, 0.5], 'texts': ['a', ''], 'none': []}");
    assertThat(file.positives("numbers")).containsExactly(1.0, 0.5);
    assertThat(file.texts("texts")).containsExactly("a", "");
    assertThat(file.texts("none")).isEmpty();
    assertInvalid(
        "{'key': ['a',1]}", f -> f.texts("key"), "key is [\"a\",1]; it must be a list of strings");
    assertInvalid("{'key': 'a'}", f -> f.texts("key"), "key is \"a\"; it must be a list");
    assertInvalid("{}", f -> f.positives("key"), "key is missing; it must be a list");
  }

  /** An error names all keys on the way. */
  @Test
  void anObjectWithinKnowsItsPlace() {
    JsonFile outer = json("{'rope': {'inner': {'factor': 0}}}");
    JsonFile inner =
        Objects.requireNonNull(Objects.requireNonNull(outer.object("rope")).object("inner"));
    assertThat(inner.path()).isEqualTo("rope.inner.");
    assertThatThrownBy(() -> inner.positive("factor", null))
        .hasMessageStartingWith(FILE + ": rope.inner.factor is 0; ");
    assertThat(outer.object("missing")).isNull();
    assertInvalid("{'key': []}", f -> f.object("key"), "key is []; it must be an object");
  }

  @Test
  void anObjectThatIsNotThereIsEmpty() {
    JsonFile empty = json("{'rope': 1}").empty("rope");
    assertThat(empty.keys()).isEmpty();
    assertThat(empty.file()).isEqualTo(FILE);
    assertThat(empty.path()).isEqualTo("rope.");
  }
}
