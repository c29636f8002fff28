// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the packaged jar that do not come to their end by themselves. */
class ExperimentIT {
  private static final Path JAR = Path.of("target/w2s.jar");
  private static final int SAMPLES = 12 * 2 * 2;

  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    StringBuilder prompts = new StringBuilder();
    for (int i = 0; i < SAMPLES / 4; i++) {
      prompts.append("Movie ").append(i).append(" was\n");
    }
    Files.writeString(directory.resolve("prompts.txt"), prompts);
    Files.writeString(
        directory.resolve("e.yaml"),
        """
        base: {model: embedded:movie-reviews/base}
        guides:
          pair: {tuned: embedded:movie-reviews/tuned, untuned: embedded:movie-reviews/untuned}
        judges:
          gold: {reward: embedded:movie-reviews/gold, label: POSITIVE}
        prompts: {file: prompts.txt}
        methods:
          - method: base
          - {method: cbs, w: 2, k: 2, l: 5}
        sampling: {max-tokens: 20}
        seeds: [1, 2]
        """);
  }

  private ProcessBuilder command(String out, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", JAR.toString(), "experiment", "run"));
    command.add(directory.resolve("e.yaml").toString());
    command.add("--out=" + directory.resolve(out));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().remove("JAVA_TOOL_OPTIONS");
    return process
        .redirectOutput(directory.resolve(out + ".out").toFile())
        .redirectError(directory.resolve(out + ".err").toFile());
  }

  private String toItsEnd(Process process, String out) throws Exception {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return Files.readString(directory.resolve(out + ".err"));
  }

  private Path results(String out) {
    return directory.resolve(out).resolve("results.jsonl");
  }

  private List<String> withoutSeconds(String out) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(results(out))) {
      JsonNode sample = Golden.parse(line);
      lines.add(((ObjectNode) sample).without("seconds").toString());
    }
    return lines;
  }

  private void awaitLines(String out, int lines) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(results(out)) || Files.readAllLines(results(out)).size() < lines) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  /** Killed twice, wherever that is; then each sample is there once, as if nothing had been. */
  @Test
  void aKilledRunGoesOnWithoutRepeatingOrLosingASample() throws Exception {
    for (int lines : List.of(7, 20)) {
      Process process = command("out").start();
      awaitLines("out", lines);
      process.destroyForcibly().waitFor();
      assertThat(Files.readAllLines(results("out")).size()).isBetween(lines, SAMPLES - 1);
    }
    assertThat(toItsEnd(command("out").start(), "out")).contains("48 of 48");
    toItsEnd(command("whole").start(), "whole");
    assertThat(withoutSeconds("out")).hasSize(SAMPLES).isEqualTo(withoutSeconds("whole"));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void anInterruptedRunEndsWithAReport() throws Exception {
    Process process = command("out").start();
    awaitLines("out", 5);
    process.destroy();
    assertThat(toItsEnd(process, "out")).contains("w2s: interrupted; the same command goes on");
    int made = Files.readAllLines(results("out")).size();
    assertThat(made).isBetween(5, SAMPLES - 1);
    assertThat(Files.readString(results("out"))).endsWith("\n");
    assertThat(Files.readString(directory.resolve("out/report.md"))).contains(made + " samples, 0");
  }

  @Test
  void aSecondRunInTheSameFolderIsRefused() throws Exception {
    Process process = command("out").start();
    try {
      awaitLines("out", 1);
      Process second = command("out").redirectError(directory.resolve("2.err").toFile()).start();
      assertThat(toItsEnd(second, "2")).contains("another run is at work in it; it must be alone");
      assertThat(second.exitValue()).isEqualTo(1);
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Fontconfig that knows no fonts fails in the JDK as one that is not there. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutFontsTheRestIsWritten() throws Exception {
    Path fonts = Files.writeString(directory.resolve("fonts.conf"), "<fontconfig></fontconfig>\n");
    ProcessBuilder command = command("out", "-Duser.home=" + directory);
    command.command().add("--limit=1");
    command.environment().put("FONTCONFIG_FILE", fonts.toString());
    Process process = command.start();
    String err = toItsEnd(process, "out");
    assertThat(process.exitValue()).isZero();
    assertThat(err.lines().filter(line -> line.startsWith("w2s:")))
        .singleElement()
        .asString()
        .startsWith("w2s: no figures, since there are no fonts: ");
    assertThat(directory.resolve("out"))
        .isDirectoryContaining("glob:**/report.md")
        .isDirectoryContaining("glob:**/summary.csv")
        .isDirectoryNotContaining("glob:**/*.png");
  }
}
