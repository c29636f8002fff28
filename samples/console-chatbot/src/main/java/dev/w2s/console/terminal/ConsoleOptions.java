// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

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

  /** Where the history is kept; null for nowhere. */
  public @Nullable Path history() {
    return history;
  }

  /** Whether what comes from a pipe is repeated. */
  public boolean echo() {
    return echo;
  }
}
