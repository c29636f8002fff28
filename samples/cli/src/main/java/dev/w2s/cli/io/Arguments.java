// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command line as it was typed. In the C locale, which is what most containers have, Java reads
 * every byte beyond ASCII as a question mark; a prompt must not be changed like that, so it is read
 * again where the system tells it.
 */
public final class Arguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Arguments() {}

  /** Bytes were typed that are no text; the message says where. */
  public static final class NotUtf8Exception extends Exception {
    private static final long serialVersionUID = 1L;

    NotUtf8Exception(String place, CharacterCodingException cause) {
      super(place + ": not UTF-8", cause);
    }
  }

  /**
   * The arguments, read as UTF-8 where Java's own reading lost something and that can be seen.
   *
   * @throws NotUtf8Exception if what was lost is no text
   */
  public static String[] asUtf8(String[] args) throws NotUtf8Exception {
    String all = String.join("", args);
    if (all.indexOf('?') < 0 && all.indexOf('\uFFFD') < 0) {
      return args;
    }
    byte[] commandLine;
    try {
      commandLine = Files.readAllBytes(COMMAND_LINE);
    } catch (IOException e) {
      return args; // not Linux
    }
    return restore(args, commandLine);
  }

  /**
   * Reads the arguments again if they stand at the end of a NUL-separated command line.
   *
   * @param args as Java read them
   * @param commandLine of the whole process
   * @throws NotUtf8Exception if one of them is not UTF-8; the message names its option or position
   */
  static String[] restore(String[] args, byte[] commandLine) throws NotUtf8Exception {
    List<byte[]> all = split(commandLine);
    if (all.size() < args.length) {
      return args;
    }
    List<byte[]> typed = all.subList(all.size() - args.length, all.size());
    for (int i = 0; i < args.length; i++) {
      if (!isReadingOf(typed.get(i), args[i])) {
        return args; // something else stands there
      }
    }
    String[] restored = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      try {
        restored[i] = UTF_8.newDecoder().decode(ByteBuffer.wrap(typed.get(i))).toString();
      } catch (CharacterCodingException e) {
        throw new NotUtf8Exception(place(args, i), e);
      }
    }
    return restored;
  }

  /** The option that an argument belongs to if it seems to have one, else the argument's number. */
  private static String place(String[] args, int i) {
    int end = args[i].indexOf('=');
    if (args[i].startsWith("-") && end > 0) {
      return args[i].substring(0, end);
    }
    return i > 0 && args[i - 1].startsWith("-") ? args[i - 1] : "argument " + (i + 1);
  }

  private static List<byte[]> split(byte[] commandLine) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        parts.add(Arrays.copyOfRange(commandLine, start, i));
        start = i + 1;
      }
    }
    return parts;
  }

  /** Whether Java may have made the argument of the bytes: in a UTF-8 or in the C locale. */
  private static boolean isReadingOf(byte[] bytes, String argument) {
    if (new String(bytes, UTF_8).equals(argument)) {
      return true;
    }
    StringBuilder asAscii = new StringBuilder();
    for (byte b : bytes) {
      asAscii.append(b < 0 ? '?' : (char) b);
    }
    return argument.replace('\uFFFD', '?').contentEquals(asAscii);
  }
}
