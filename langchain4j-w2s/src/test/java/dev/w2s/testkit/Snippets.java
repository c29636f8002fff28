// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Code that a page shows stands once more in a test, which compiles it. */
public final class Snippets {
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet starts(.*?)// snippet ends", Pattern.DOTALL);

  private Snippets() {}

  /**
   * Fails unless a page holds all snippets of a test, of which there is at least one.
   *
   * @param source of the test
   * @param page that shows its snippets
   */
  public static void assertHeld(Path source, Path page) throws IOException {
    Matcher snippets = SNIPPET.matcher(Files.readString(source));
    int number = 0;
    while (snippets.find()) {
      number++;
      if (!code(Files.readString(page)).contains(code(snippets.group(1)))) {
        throw new AssertionError(page + " does not hold" + snippets.group(1));
      }
    }
    if (number == 0) {
      throw new AssertionError(source + " has no snippet");
    }
  }

  /** Without comments and white space, which are laid out for their own place. */
  private static String code(String text) {
    return text.replaceAll("//.*", "").replaceAll("\\s+", "");
  }
}
