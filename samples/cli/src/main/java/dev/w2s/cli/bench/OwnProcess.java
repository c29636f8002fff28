// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Another process of this program, with this one's Java and class path. */
final class OwnProcess {

  private OwnProcess() {}

  /**
   * Starts one; its errors go where this one's go.
   *
   * @param javaOptions for the virtual machine
   * @param main whose {@code main} runs
   * @throws UncheckedIOException if it cannot be started
   */
  static Process start(List<String> javaOptions, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException("process of " + main.getName() + ": " + e.getMessage(), e);
    }
  }
}
