// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import java.util.List;

/** What one command does. */
interface Command {

  /** Its name, without the slash. */
  String name();

  /** Other names. */
  default List<String> aliases() {
    return List.of();
  }

  /** How it is written, behind its name. */
  String arguments();

  /** What it does, in one line. */
  String summary();

  /**
   * Does it.
   *
   * @throws UsageException if it is not written so; nothing has changed then
   */
  void run(Arguments arguments, Room room);
}
