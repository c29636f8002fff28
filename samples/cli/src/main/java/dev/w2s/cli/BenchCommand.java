// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;
import picocli.CommandLine.Command;
@Command(name="bench")
final class BenchCommand implements Runnable {
  @Override public void run() {}
}
