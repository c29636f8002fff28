// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small files of a model's directory. */
class ModelFolderTest {
  private static final String POINTER = "version https://git-lfs.github.com/spec/";

  @TempDir private Path directory;
  @TempDir private Path elsewhere;

  private ModelFolder folder;

  @BeforeEach
  void open() {
    folder = ModelFolder.of(directory);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static void assertRefused(Runnable use, String message) {
    assertThatThrownBy(use::run).isInstanceOf(InvalidModelException.class).hasMessage(message);
  }

  @Test
  void aFileIsFoundByItsName() throws IOException {
    Path file = write("a.json", "{\"b\": 1}");
    assertThat(folder.path()).isEqualTo(directory);
    assertThat(folder.file("a.json")).isEqualTo(file);
    assertThat(folder.find("a.json")).isEqualTo("{\"b\": 1}".getBytes(UTF_8));
    assertThat(folder.text("a.json")).isEqualTo("{\"b\": 1}");
    assertThat(folder.json("a.json").keys()).containsExactly("b");
    assertThat(folder.jsonOrEmpty("a.json").keys()).containsExactly("b");
  }

  @Test
  void aFileThatIsNotThereIsOnlyMissedWhereItIsNeeded() {
    Path file = directory.resolve("a.json");
    assertThat(folder.find("a.json")).isNull();
    assertThat(folder.text("a.json")).isNull();
    assertThat(folder.jsonOrEmpty("a.json").keys()).isEmpty();
    assertThat(folder.jsonOrEmpty("a.json").file()).isEqualTo(file);
    assertRefused(() -> folder.json("a.json"), file + ": no such file");
    assertRefused(() -> JsonFile.read(file), file + ": no such file");
  }

  /** As the cache of a hub keeps files, of which one was deleted. */
  @Test
  void aLinkThatLeadsNowhereIsNotAbsent() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("a.json"), Path.of("blob"));
    assertRefused(
        () -> folder.jsonOrEmpty("a.json"), link + ": is a link to blob, which leads nowhere");
    write("blob", "{}");
    assertThat(folder.text("a.json")).isEqualTo("{}");
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("a.json"));
    assertRefused(() -> folder.find("a.json"), inner + ": is a directory; a file is needed");
  }

  @Test
  void aTextIsUtf8() throws IOException {
    Path file = Files.write(directory.resolve("a.jinja"), new byte[] {'a', (byte) 0xE9});
    assertThatThrownBy(() -> folder.text("a.jinja"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(file + ": is not UTF-8");
    write("a.jinja", "é");
    assertThat(folder.text("a.jinja")).isEqualTo("é");
  }

  /** Whatever the version of the pointer's format. */
  @ParameterizedTest
  @ValueSource(strings = {"", "v1", "v1\noid sha256:0\nsize 7\n"})
  void aPointerOfGitIsNoFile(String end) throws IOException {
    Path file = write("a.json", POINTER + end);
    assertRefused(
        () -> folder.json("a.json"),
        file + ": is a Git LFS pointer, not the file itself; 'git lfs pull' fetches the file");
  }

  @Test
  void whatOnlyLooksLikeAPointerIsJudgedByItsContent() throws IOException {
    write("a.json", POINTER.substring(0, POINTER.length() - 1));
    assertThatThrownBy(() -> folder.json("a.json")).hasMessageContaining("not valid JSON");
    write("a.json", " " + POINTER);
    assertThatThrownBy(() -> folder.json("a.json")).hasMessageContaining("not valid JSON");
  }

  @Test
  void filesOfAnEndingAreFound() throws IOException {
    Path templates = directory.resolve("templates");
    assertThat(folder.holdsAny("templates", ".jinja")).isFalse();
    Files.createDirectory(templates);
    assertThat(folder.holdsAny("templates", ".jinja")).isFalse();
    Files.writeString(templates.resolve("notes.txt"), "x");
    assertThat(folder.holdsAny("templates", ".jinja")).isFalse();
    Files.writeString(templates.resolve("rag.jinja"), "x");
    assertThat(folder.holdsAny("templates", ".jinja")).isTrue();
    assertThat(folder.holdsAny("", ".jinja")).isFalse();
  }

  @Test
  void filesAreComparedByteForByte() throws IOException {
    ModelFolder other = ModelFolder.of(elsewhere);
    assertThat(folder.sameFile(other, "a")).as("both have none").isTrue();
    write("a", "x");
    assertThat(folder.sameFile(other, "a")).isFalse();
    assertThat(other.sameFile(folder, "a")).isFalse();
    Files.writeString(elsewhere.resolve("a"), "x");
    assertThat(folder.sameFile(other, "a")).isTrue();
    Files.writeString(elsewhere.resolve("a"), "y");
    assertThat(folder.sameFile(other, "a")).isFalse();
  }
}
