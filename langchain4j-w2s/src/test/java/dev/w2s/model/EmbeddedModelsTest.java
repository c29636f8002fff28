// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models on a class path of their own, unpacked to a cache of their own. */
class EmbeddedModelsTest {
  private static final String ONE = "first file\n";
  private static final String TWO = "second file, größer\n";

  @TempDir private Path jar;
  @TempDir private Path cache;

  private EmbeddedModels models;
  private ClassLoader before;
  private URLClassLoader classPath;

  @BeforeEach
  void putAModelOnTheClassPath() throws Exception {
    models = new EmbeddedModels(cache);
    before = Thread.currentThread().getContextClassLoader();
    classPath = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before);
    Thread.currentThread().setContextClassLoader(classPath);
    embed("toys/one", sum(ONE) + "  one.txt\n" + sum(TWO) + " *two.txt\n");
  }

  @AfterEach
  void takeItOff() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    classPath.close();
  }

  private void embed(String name, String sums) throws IOException {
    Path folder = Files.createDirectories(jar.resolve("w2s-models").resolve(name));
    Files.writeString(folder.resolve("one.txt"), ONE);
    Files.writeString(folder.resolve("two.txt"), TWO);
    Files.writeString(folder.resolve("SHA256SUMS"), sums);
  }

  private static String sum(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static void assertWhole(Path directory) {
    assertThat(directory).isDirectory();
    assertThat(directory.resolve("one.txt")).hasContent(ONE.strip());
    assertThat(directory.resolve("two.txt")).hasContent(TWO.strip());
  }

  /** Besides the models with their checksums and the lock there is nothing. */
  private void assertNoLeftovers() throws IOException {
    try (Stream<Path> paths = Files.walk(cache)) {
      assertThat(paths.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".") && !Set.of(".lock", ".crc32").contains(name));
    }
  }

  @Test
  void unpacksWhatIsListed() throws IOException {
    Path directory = models.unpack("toys/one");
    assertThat(directory.getParent()).isEqualTo(cache.resolve("toys/one"));
    assertWhole(directory);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("one.txt", "two.txt", ".crc32");
    }
    assertNoLeftovers();
  }

  /** As the program {@code crc32} prints them. */
  @Test
  void theChecksumsOfWhatWasUnpackedAreKept() throws IOException {
    Path directory = models.unpack("toys/one");
    assertThat(Files.readString(directory.resolve(".crc32")))
        .isEqualTo("f4db30df  one.txt\n6f9c780a  two.txt\n");
  }

  @Test
  void whatAKilledProcessLeftBehindIsRemovedAndWhatOneAtWorkHasIsNot() throws IOException {
    Path model = Files.createDirectories(cache.resolve("toys/one"));
    Path dead = Files.createDirectories(model.resolve(".unpacking-dead/model"));
    Path alive = Files.createDirectories(model.resolve(".unpacking-alive/model"));
    Files.setLastModifiedTime(
        dead.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(2))));

    assertWhole(models.unpack("toys/one"));

    assertThat(dead.getParent()).doesNotExist();
    assertThat(alive).isDirectory();
  }

  @Test
  void anUnpackedModelIsUsedAgain() throws IOException {
    Path directory = models.unpack("toys/one");
    FileTime old = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(directory.resolve("one.txt"), old);
    assertThat(models.unpack("toys/one")).isEqualTo(directory);
    assertThat(Files.getLastModifiedTime(directory.resolve("one.txt"))).isEqualTo(old);
  }

  @ParameterizedTest
  @ValueSource(strings = {"changed", "shorter", "missing", "folder", "file", "unsure"})
  void aDamagedModelIsRepaired(String damage) throws IOException {
    Path directory = models.unpack("toys/one");
    Path file = directory.resolve("two.txt");
    switch (damage) {
      case "changed" -> Files.writeString(file, TWO.replace('s', 'S'));
      case "shorter" -> Files.writeString(file, TWO.substring(1));
      case "missing" -> Files.delete(file);
      case "folder" -> {
        Files.delete(file);
        Files.createDirectories(file.resolve("x"));
      }
      case "unsure" -> Files.delete(directory.resolve(".crc32"));
      default -> {
        Files.delete(directory.resolve(".crc32"));
        Files.delete(file);
        Files.delete(directory.resolve("one.txt"));
        Files.delete(directory);
        Files.writeString(directory, "a file where the folder should be");
      }
    }
    assertThat(models.unpack("toys/one")).isEqualTo(directory);
    assertWhole(directory);
    assertNoLeftovers();
  }

  @Test
  void anotherListIsAnotherFolder() throws Exception {
    Path first = models.unpack("toys/one");
    embed("toys/one", sum(ONE) + "  one.txt\n");
    Path second = models.unpack("toys/one");
    assertThat(second).isNotEqualTo(first);
    assertThat(second.resolve("two.txt")).doesNotExist();
    assertWhole(first);
  }

  @Test
  void aWrongChecksumIsRefusedAndNothingIsLeft() throws Exception {
    embed("toys/one", sum(ONE) + "  one.txt\n" + sum("something else") + "  two.txt\n");
    assertThatThrownBy(() -> models.unpack("toys/one"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(
            "w2s-models/toys/one/two.txt has SHA-256 %s; SHA256SUMS says %s"
                .formatted(sum(TWO), sum("something else")));
    try (Stream<Path> left = Files.list(cache.resolve("toys/one"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aListedFileThatIsMissingIsNamed() throws Exception {
    embed("toys/one", sum(ONE) + "  three.txt\n");
    assertThatThrownBy(() -> models.unpack("toys/one"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(
            "w2s-models/toys/one/three.txt is listed in SHA256SUMS but not on the class path");
    assertNoLeftovers();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s one.txt",
        "%s  ../one.txt",
        "%s  a/one.txt",
        "%s  /one.txt",
        "%s  .one",
        "%s  ",
        "x%s  one.txt",
        "nonsense",
      })
  void aBrokenListIsRefused(String line) throws Exception {
    embed("toys/one", line.formatted(sum(ONE)) + "\n");
    assertThatThrownBy(() -> models.unpack("toys/one"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("w2s-models/toys/one/SHA256SUMS: line '")
        .hasMessageEndingWith("' is not a SHA-256, two spaces and a plain file name");
  }

  @Test
  void anEmptyListIsRefused() throws IOException {
    embed("toys/one", "");
    assertThatThrownBy(() -> models.unpack("toys/one"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("w2s-models/toys/one/SHA256SUMS is empty; it must list the model's files");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", ".", "..", "../x", "a/../b", "a//b", "/a", "a/", "/", "a\\b", ".a", "a/.b", "a b",
        "a\0", "a\n", "%2e%2e", "a:b", "ä"
      })
  void badNamesAreRefused(String name) {
    assertThatThrownBy(() -> models.unpack(name))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(
            "embedded model '"
                + name
                + "': a name is made of letters, digits, '.', '-', '_' and '/'");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aMissingModelIsNamed() {
    assertThatThrownBy(() -> models.unpack("toys/two"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(
            "embedded model 'toys/two' is not on the class path: no w2s-models/toys/two/SHA256SUMS");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(cache.resolve("file"));
    assertThatThrownBy(() -> new EmbeddedModels(file).unpack("toys/one"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("'toys/one' cannot be unpacked to", file.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyThreadsAtOnceAgree(boolean damagedBefore) throws Exception {
    int threads = 8;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 50; round++) {
        Path target = models.unpack("toys/one");
        if (damagedBefore) {
          Files.writeString(target.resolve("two.txt"), "damaged");
        } else {
          models = new EmbeddedModels(cache.resolve("fresh" + round));
        }
        CyclicBarrier together = new CyclicBarrier(threads);
        Callable<Path> unpack =
            () -> {
              Thread.currentThread().setContextClassLoader(classPath);
              together.await();
              Path directory = models.unpack("toys/one");
              assertWhole(directory); // at once: nobody may take it away again
              return directory;
            };
        List<Future<Path>> all =
            IntStream.range(0, threads).mapToObj(i -> executor.submit(unpack)).toList();
        for (Future<Path> one : all) {
          assertWhole(one.get());
        }
      }
    } finally {
      executor.shutdownNow();
    }
    assertNoLeftovers();
  }
}
