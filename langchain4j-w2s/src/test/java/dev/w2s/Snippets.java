// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Code that a page shows stands once more in a test, which compiles it. */
final class Snippets {
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet starts(.*?)// snippet ends", Pattern.DOTALL);

  private Snippets() {}

  static void assertHeld(Path source, Path page) throws IOException {
    Matcher snippets = SNIPPET.matcher(Files.readString(source));
    int number = 0;
    while (snippets.find()) {
      number++;
      assertThat(code(Files.readString(page))).contains(code(snippets.group(1)));
    }
    assertThat(number).isPositive();
  }

  /** Without comments and white space, which are laid out for their own place. */
  private static String code(String text) {
    return text.replaceAll("//.*", "").replaceAll("\\s+", "");
  }
}
