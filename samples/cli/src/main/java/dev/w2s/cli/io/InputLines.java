// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file or of standard input, with their numbers. A byte order mark is skipped;
 * a blank line is an error, since every line has its line in the output.
 */
public final class InputLines implements AutoCloseable {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final BufferedReader reader;
  private int number;

  private InputLines(String name, InputStream in) {
    this.name = name;
    // A decoder made here reports what is not UTF-8; a charset's name would replace it silently.
    reader = new BufferedReader(new InputStreamReader(in, UTF_8.newDecoder()));
  }

  /** A line and where it stands. */
  public record Line(String text, String place) {}

  /**
   * Opens a file.
   *
   * @param file a path, or {@code -} for standard input
   * @throws CommandException if it cannot be opened
   */
  public static InputLines open(String file) {
    return file.equals("-") ? of("standard input", standardInput()) : of(file, openFile(file));
  }

  /**
   * Standard input, which stays open. A process that is started without one has it for the first
   * file that the JVM opens, its own classes: closing it would take the JVM's code away.
   */
  private static InputStream standardInput() {
    if (isOpenedByTheJvm(Path.of("/dev/fd/0"))) {
      throw new CommandException("standard input: is closed");
    }
    return new FilterInputStream(System.in) {
      @Override
      public void close() {}
    };
  }

  private static boolean isOpenedByTheJvm(Path descriptor) {
    try {
      Path classes = Path.of(System.getProperty("java.home"), "lib", "modules");
      return Files.isSameFile(descriptor, classes);
    } catch (IOException e) {
      return false; // no such descriptors here, or no such file
    }
  }

  public static InputLines of(String name, InputStream in) {
    return new InputLines(name, in);
  }

  private static InputStream openFile(String file) {
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new CommandException(file + ": is a directory; a file is needed");
      }
      return Files.newInputStream(path);
    } catch (InvalidPathException e) {
      throw new CommandException(
          file + ": not a path in this locale: " + e.getReason() + "; LC_ALL=C.UTF-8 may help", e);
    } catch (NoSuchFileException e) {
      throw new CommandException(file + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new CommandException(file + ": permission denied", e);
    } catch (IOException e) {
      throw new CommandException(file + ": cannot be opened: " + e.getMessage(), e);
    }
  }

  /** What the lines are read from. */
  public String name() {
    return name;
  }

  /**
   * The next line, null at the end.
   *
   * @throws CommandException if it is blank or cannot be read; the message names file and line
   */
  public @Nullable Line next() {
    String text = read();
    if (text == null) {
      return null;
    }
    if (number == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    Line line = new Line(text, name + ":" + number);
    if (text.isBlank()) {
      throw new CommandException(line.place() + ": line is blank");
    }
    return line;
  }

  private @Nullable String read() {
    number++;
    try {
      return reader.readLine();
    } catch (CharacterCodingException e) {
      // The reader decodes ahead, so the place is known to a buffer only.
      throw new CommandException(name + ": not UTF-8, at line " + number + " or after", e);
    } catch (IOException e) {
      throw new CommandException(name + ":" + number + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether more can be read without waiting. */
  public boolean ready() {
    try {
      return reader.ready();
    } catch (IOException e) {
      return false; // the next reading tells
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new CommandException(name + ": cannot be closed: " + e.getMessage(), e);
    }
  }
}
