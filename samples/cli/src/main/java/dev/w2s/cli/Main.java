// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command {@code w2s}.
 *
 * <p>It exits with 0 on success, with 1 on an error and with 2 on a call it does not understand.
 */
@Command(
    name = "w2s",
    description = "Weak-to-strong search for LangChain4j.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.ManifestVersion.class)
public final class Main implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  /**
   * Runs the command and exits with its code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  /** Prints the usage: without a subcommand there is nothing else to do. */
  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec, "spec").commandLine();
    command.usage(command.getOut());
    return CommandLine.ExitCode.OK;
  }

  /** The version as the jar's manifest states it. */
  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"w2s " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
