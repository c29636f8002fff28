// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the terminal looks and what it remembers. */
public final class ConsoleOptions {

  @Option(
      names = "--no-color",
      description = "No colours (env: NO_COLOR); a dumb terminal has none anyway.")
  private boolean noColor;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Keep what was typed there; default: for one conversation only.")
  private @Nullable Path history;

  @Option(
      names = "--echo",
      description = "Without a terminal: repeat what is read behind a prompt, as a transcript.")
  private boolean echo;

  /** Whether colours are not wanted. */
  public boolean noColor() {
    return noColor;
  }

  /**
   * Where the history is kept; null for nowhere.
   *
   * @throws IllegalArgumentException if it cannot be kept there
   */
  public @Nullable Path history() {
    if (history != null) {
      Path folder = history.toAbsolutePath().getParent();
      if (Files.isDirectory(history) || folder == null || !Files.isWritable(folder)) {
        throw new IllegalArgumentException(
            "--history is '" + history + "'; it must be a file in a folder that can be written");
      }
    }
    return history;
  }

  /** Whether what comes from a pipe is repeated. */
  public boolean echo() {
    return echo;
  }
}
