// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the packaged jar as its users do. */
class ConsoleChatbotIT {
  private static final Path JAR = Path.of("target/console-chatbot.jar");

  @TempDir private Path directory;

  private ProcessBuilder process(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-jar", JAR.toString()));
    command.addAll(List.of(args));
    // The C locale, which is what most containers have: text must be UTF-8 all the same.
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("LC_ALL", "C");
    process
        .environment()
        .keySet()
        .removeIf(name -> name.equals("JAVA_TOOL_OPTIONS") || name.startsWith("W2S_"));
    return process;
  }

  private Run run(String input, String... args) throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        process(args).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().write(input.getBytes(UTF_8));
    process.getOutputStream().close();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void aPipeIsAnsweredAndTheSameSeedGivesTheSame() throws Exception {
    String input = "How was the acting?\n/why\n//… and 日本?\n";
    Run first = run(input, "--seed", "1", "--echo");
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("> How was the acting?", "score ", "round 1: 16 drawn", "  + ", "  - ")
        .contains("> //… and 日本?")
        .doesNotContain("\u001b");
    assertThat(run(input, "--seed", "1", "--echo")).isEqualTo(first);
  }

  @Test
  void aModelThatIsMissingIsOneLine() throws Exception {
    Run run = run("How?\n", "--base", "/no/such/model");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("console-chatbot: --base is '/no/such/model'; ");
  }

  /** By TERM, which goes the same way as Ctrl-C. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no TERM signal there")
  void anInterruptEndsWithWhatCameOfTheAnswer() throws Exception {
    Path err = directory.resolve("err");
    Process process =
        process("--seed=1", "--max-tokens=400", "--guard=off").redirectError(err.toFile()).start();
    try (InputStream out = process.getInputStream()) {
      process.getOutputStream().write("How was the movie?\nNever?\n".getBytes(UTF_8));
      process.getOutputStream().flush();
      int first = out.read();
      process.toHandle().destroy(); // which leaves its streams open
      String rest = new String(out.readAllBytes(), UTF_8);
      assertThat(first).isPositive();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(rest.lines().toList()).hasSize(2).last().asString().startsWith("stopped, ");
    }
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(Files.readString(err)).isEmpty();
  }

  @Test
  void theLicencesOfWhatIsBundledAreKept() throws Exception {
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      assertThat(text(jar, "META-INF/THIRD-PARTY.txt"))
          .contains(
              "(org.jline:jline-reader:", "(org.jline:jline-native:", "(info.picocli:picocli:")
          .doesNotContain("dev.w2s", "Unknown license");
      assertThat(text(jar, "META-INF/licenses/jline/LICENSE"))
          .contains("Neither the name of JLine");
      for (String kept : List.of("slf4j/LICENSE", "jsoup/LICENSE", "mkl/LICENSE", "gcc/GPL-3.0")) {
        assertThat(text(jar, "META-INF/licenses/" + kept)).isNotBlank();
      }
    }
  }

  private static String text(ZipFile jar, String entry) throws Exception {
    return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), UTF_8);
  }
}
