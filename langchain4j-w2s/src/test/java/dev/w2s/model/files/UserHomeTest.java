// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserHomeTest {
  @TempDir private Path directory;

  @Test
  void itIsWhatJavaSaysThenWhatTheEnvironmentSaysThenTheTemporaryDirectory() throws IOException {
    String java = Files.createDirectory(directory.resolve("java")).toString();
    String shell = Files.createDirectory(directory.resolve("shell")).toString();

    assertThat(UserHome.find(java, shell, "/t")).isEqualTo(Path.of(java));
    assertThat(UserHome.find("?", shell, "/t")).isEqualTo(Path.of(shell));
    assertThat(UserHome.find(null, shell, "/t")).isEqualTo(Path.of(shell));
    assertThat(UserHome.find("?", null, "/t")).isEqualTo(Path.of("/t"));
  }

  @Test
  void aHomeThatIsNotThereOrNoFolderOrRelativeIsNone() throws IOException {
    String file = Files.createFile(directory.resolve("file")).toString();
    String absent = directory.resolve("absent").toString();

    assertThat(UserHome.find(absent, file, "/t")).isEqualTo(Path.of("/t"));
    assertThat(UserHome.find("", ".", "/t")).isEqualTo(Path.of("/t"));
    assertThat(UserHome.find("\0", absent, "/t")).isEqualTo(Path.of("/t"));
  }

  /** As the JVM finds no name for the user of a container. */
  @Test
  void javaMayNotKnowIt() throws IOException {
    String home = Files.createDirectory(directory.resolve("home")).toString();
    String before = System.getProperty("user.home");
    try {
      System.setProperty("user.home", "?");
      assertThat(UserHome.isKnown()).isFalse();
      assertThat(UserHome.find()).isAbsolute();
      System.setProperty("user.home", home);
      assertThat(UserHome.isKnown()).isTrue();
      assertThat(UserHome.find()).isEqualTo(Path.of(home));
    } finally {
      System.setProperty("user.home", before);
    }
  }
}
