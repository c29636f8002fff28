// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.InputLines;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Openings of movie reviews that the embedded models have never seen. */
public final class DemoPrompts {
  private static final String RESOURCE = "w2s-models/movie-reviews/prompts.txt";

  private DemoPrompts() {}

  /** All of them, in the file's order. */
  public static List<String> all() {
    InputStream in = DemoPrompts.class.getClassLoader().getResourceAsStream(RESOURCE);
    if (in == null) {
      throw new CommandException(RESOURCE + " is not on the class path");
    }
    List<String> prompts = new ArrayList<>();
    try (InputLines lines = InputLines.of(RESOURCE, in)) {
      for (InputLines.Line line = lines.next(); line != null; line = lines.next()) {
        prompts.add(line.text());
      }
    }
    return prompts;
  }
}
