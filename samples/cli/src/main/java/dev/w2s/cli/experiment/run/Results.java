// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.InputLines;
import dev.w2s.cli.io.JsonLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code results.jsonl}, a line a sample, each written before the next sample is begun. */
final class Results {
  private final Path file;

  Results(Path file) {
    this.file = file;
  }

  /**
   * All samples. What stands behind the last end of a line was torn by a kill, and does not count.
   *
   * @throws CommandException if a line is no sample, or a sample is there twice
   */
  List<Sample> read() {
    List<Sample> samples = new ArrayList<>();
    Set<Sample.Key> keys = new HashSet<>();
    String name = file.toString();
    try (InputLines lines = InputLines.of(name, new WholeLines(file).open())) {
      for (InputLines.Line line = lines.next(); line != null; line = lines.next()) {
        Sample sample = JsonLines.read(line, Sample.class);
        if (!keys.add(sample.key())) {
          throw new CommandException(line.place() + ": " + sample.key() + " is there twice");
        }
        samples.add(sample);
      }
    } catch (IOException e) {
      throw new CommandException(name + ": cannot be read: " + e.getMessage(), e);
    }
    return samples;
  }

  /** Leaves these samples and no others, or, if that is interrupted, what was there before. */
  void write(List<Sample> samples) {
    String text = samples.stream().map(Results::line).collect(Collectors.joining());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CommandException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** Adds a sample behind the others, in one piece. */
  void append(Sample sample) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(line(sample).getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(/* metaData= */ false);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    }
  }

  private static String line(Sample sample) {
    return JsonLines.line(sample);
  }
}
