// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The home of the user. A container often runs under a user id that the system has no name for;
 * Java's {@code user.home} is then "?", a relative path like any other.
 */
public final class UserHome {
  private UserHome() {}

  /** Java's notion of it where there is such a folder, else HOME, else the temporary directory. */
  public static Path find() {
    return find(
        System.getProperty("user.home"),
        System.getenv("HOME"),
        System.getProperty("java.io.tmpdir", "/tmp"));
  }

  static Path find(
      @Nullable String property, @Nullable String environment, String temporaryDirectory) {
    Path home = folder(property);
    if (home == null) {
      home = folder(environment);
    }
    return home != null ? home : Path.of(temporaryDirectory);
  }

  /** Whether Java knows it. */
  public static boolean isKnown() {
    return folder(System.getProperty("user.home")) != null;
  }

  private static @Nullable Path folder(@Nullable String text) {
    try {
      Path path = text == null ? null : Path.of(text);
      return path != null && path.isAbsolute() && Files.isDirectory(path) ? path : null;
    } catch (InvalidPathException e) {
      return null; // not a path in this locale
    }
  }
}
