// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line as it was typed. In the C locale, which is what most containers have, Java reads
 * every byte beyond ASCII as a question mark; a prompt must not be changed like that, so it is read
 * again where the system tells it.
 */
public final class Arguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Arguments() {}

  /** The arguments, read as UTF-8 where Java's own reading lost something and that can be seen. */
  public static String[] asUtf8(String[] args) {
    if (String.join("", args).indexOf('?') < 0 && String.join("", args).indexOf('\uFFFD') < 0) {
      return args;
    }
    try {
      return restore(args, Files.readAllBytes(COMMAND_LINE));
    } catch (IOException e) {
      return args; // not Linux
    }
  }

  /**
   * Replaces those arguments that stand at the end of a NUL-separated command line in full.
   *
   * @param args as Java read them
   * @param commandLine of the whole process, its last arguments being {@code args}
   */
  public static String[] restore(String[] args, byte[] commandLine) {
    List<byte[]> typed = split(commandLine);
    String[] restored = args.clone();
    for (int i = 1; i <= Math.min(args.length, typed.size()); i++) {
      String text = readAsUtf8(args[args.length - i], typed.get(typed.size() - i));
      if (text == null) {
        return args; // something else stands there
      }
      restored[args.length - i] = text;
    }
    return restored;
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

  /** The text, or null if the bytes are not those of the argument. */
  private static @Nullable String readAsUtf8(String argument, byte[] bytes) {
    String text = new String(bytes, UTF_8);
    if (text.equals(argument)) {
      return text;
    }
    StringBuilder asAscii = new StringBuilder();
    for (byte b : bytes) {
      asAscii.append(b < 0 ? '?' : (char) b);
    }
    return argument.replace('\uFFFD', '?').contentEquals(asAscii) ? text : null;
  }
}
