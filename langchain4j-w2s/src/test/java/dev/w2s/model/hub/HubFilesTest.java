// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a download rests on. */
class HubFilesTest {

  @TempDir private Path folder;

  /** A zip file is a file system that has none. */
  @Test
  void whereThereAreNoLinksTheFileItselfIsPlaced() throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
      Path blobs = Files.createDirectory(zip.getPath("/blobs"));
      Path snapshot = Files.createDirectory(zip.getPath("/snapshot"));
      Path blob = Files.writeString(blobs.resolve("abc"), "content");
      LocalRepository.link(blob, snapshot.resolve("copied"), false);
      assertThat(Files.readString(snapshot.resolve("copied"))).isEqualTo("content");
      assertThat(Files.exists(blob)).isTrue();
      LocalRepository.link(blob, snapshot.resolve("moved"), true);
      assertThat(Files.readString(snapshot.resolve("moved"))).isEqualTo("content");
      assertThat(Files.exists(blob)).isFalse();
    }
  }

  @Test
  void aLinkIsRelativeAndReplacesOneThatLeadsNowhere() throws IOException {
    Path blob = Files.writeString(Files.createDirectory(folder.resolve("blobs")).resolve("a"), "x");
    Path place = Files.createDirectory(folder.resolve("snapshot")).resolve("file");
    Files.createSymbolicLink(place, Path.of("../blobs/gone"));
    LocalRepository.link(blob, place, true);
    assertThat(Files.readSymbolicLink(place)).isEqualTo(Path.of("../blobs/a"));
    assertThat(place).hasContent("x");
  }

  @Test
  void aFolderMayBeALink() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    LocalRepository.createFolder(link);
    LocalRepository.createFolder(link.resolve("a/b"));
    assertThat(real.resolve("a/b")).isDirectory();
  }

  /** By {@code sha256sum}, {@code git hash-object} and {@code sha1sum}. */
  @Test
  void aHashIsThatOfLfsOfGitOrOfTheContent() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "hello\n");
    String sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
    String git = "ce013625030ba8dba906f756967f9e9ca394464a";
    String sha1 = "f572d396fae9206628714fb2ce00f72e94f2258f";
    for (String right : List.of(sha256, sha256.toUpperCase(Locale.ROOT), git, sha1, "5f3a-abc")) {
      assertThat(ContentHash.mismatch(file, right)).isNull();
    }
    assertThat(ContentHash.mismatch(file, "0".repeat(64))).isEqualTo("SHA-256 " + sha256);
    assertThat(ContentHash.mismatch(file, "0".repeat(40)))
        .isEqualTo("git's SHA-1 " + git + ", SHA-1 " + sha1);
  }

  @Test
  void theProgressOfALargeFileIsToldEveryTenSeconds() {
    AtomicLong nanos = new AtomicLong(5);
    List<String> lines = new ArrayList<>();
    Progress progress =
        new Progress("hf:a/b: model.safetensors", 1_500_000_000, nanos::get, lines::add);
    for (int second = 1; second <= 25; second++) {
      nanos.addAndGet(1_000_000_000);
      progress.at(second * 60_000_000L);
    }
    progress.done();
    assertThat(lines)
        .containsExactly(
            "hf:a/b: model.safetensors: downloading 1.5 GB",
            "hf:a/b: model.safetensors: 40 %, 600.0 MB of 1.5 GB",
            "hf:a/b: model.safetensors: 80 %, 1.2 GB of 1.5 GB",
            "hf:a/b: model.safetensors: done in 25 s");
  }

  @Test
  void smallFilesComeWithoutAWord() {
    AtomicLong nanos = new AtomicLong();
    List<String> lines = new ArrayList<>();
    Progress progress = new Progress("config.json", 700, nanos::get, lines::add);
    nanos.addAndGet(60_000_000_000L);
    progress.at(10);
    progress.done();
    assertThat(lines).isEmpty();
  }

  @Test
  void waitsTwiceAsLongEachTime() throws Exception {
    List<Long> pauses = new ArrayList<>();
    Retries retries = new Retries(5, Duration.ofMillis(500), time -> pauses.add(time.toMillis()));
    List<Integer> attempts = new ArrayList<>();
    String answer =
        retries.call(
            "x",
            () -> {
              attempts.add(attempts.size());
              if (attempts.size() < 5) {
                throw new IOException("cut");
              }
              return "there";
            });
    assertThat(answer).isEqualTo("there");
    assertThat(pauses).containsExactly(500L, 1000L, 2000L, 4000L);
  }
}
