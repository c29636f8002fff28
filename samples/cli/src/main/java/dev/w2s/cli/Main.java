// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.w2s.cli.bench.BenchCommand;
import dev.w2s.cli.demo.DemoCommand;
import dev.w2s.cli.doctor.DoctorCommand;
import dev.w2s.cli.experiment.ExperimentCommand;
import dev.w2s.cli.io.Arguments;
import dev.w2s.cli.io.Arguments.NotUtf8Exception;
import dev.w2s.shell.OutputClosedException;
import dev.w2s.shell.StandardOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code w2s}.
 *
 * <p>It exits with 0 on success, with 1 on an error, which is one line on standard error, and with
 * 2 on a call it does not understand. Text in and out is UTF-8 whatever the platform's encoding is.
 */
@Command(
    name = "w2s",
    description = {
      "Weak-to-strong search: a frozen language model, steered by a pair of small ones.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.ManifestVersion.class,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    showDefaultValues = true,
    footer = {
      "",
      "REF is the path of a Hugging Face directory, of a LoRA adapter's or of a GGUF file,",
      "hf:ORG/NAME[@REVISION] for one that is downloaded from a hub, or embedded:NAME;",
      "embedded are embedded:movie-reviews/base, /tuned, /untuned and /gold."
    })
public final class Main implements Runnable {

  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          ScoreCommand.class,
          GenerateCommand.class,
          CalibrateCommand.class,
          InspectCommand.class,
          DoctorCommand.class,
          BenchCommand.class,
          ExperimentCommand.class);

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  /**
   * Runs the command and exits with its code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    // From JDK 22 on the default console answers for a redirected output as well.
    System.setProperty("jdk.console", "java.base");
    PrintWriter out =
        utf8(new StandardOutput(new FileOutputStream(FileDescriptor.out)), /* autoFlush= */ false);
    PrintWriter err = utf8(new FileOutputStream(FileDescriptor.err), /* autoFlush= */ true);
    System.exit(runTyped(out, err, args));
  }

  private static int runTyped(PrintWriter out, PrintWriter err, String[] args) {
    try {
      return run(out, err, Arguments.asUtf8(args));
    } catch (NotUtf8Exception e) {
      return new Failures(err, () -> false).usage(e);
    }
  }

  private static PrintWriter utf8(OutputStream stream, boolean autoFlush) {
    return new PrintWriter(new OutputStreamWriter(stream, UTF_8), autoFlush);
  }

  /** Runs a command line and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    Failures failures = new Failures(err, () -> main.debug);
    CommandLine command =
        commandLine(main, args)
            .setOut(out)
            .setErr(err)
            .setExpandAtFiles(false) // a prompt that begins with @ names no file to read
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(
                line -> {
                  try {
                    return new CommandLine.RunLast().execute(line);
                  } catch (OutputClosedException e) {
                    return failures.error(e); // while the help was printed
                  }
                })
            .setExecutionExceptionHandler((e, line, result) -> failures.error(e))
            .setParameterExceptionHandler((e, arguments) -> failures.usage(e));
    try {
      int code = command.execute(args);
      out.flush();
      return code;
    } catch (OutputClosedException | Error e) {
      // picocli hands on exceptions, not errors such as a full heap.
      return failures.error(e);
    }
  }

  /**
   * The command with those below it. Of a call that names one first only that one's options are
   * read, since reading them all takes a tenth of a second.
   */
  static CommandLine commandLine(Main main, String... args) {
    CommandLine line = new CommandLine(main);
    List<Class<?>> named =
        COMMANDS.stream().filter(command -> args.length > 0 && isNamed(command, args[0])).toList();
    (named.isEmpty() ? COMMANDS : named).forEach(line::addSubcommand);
    return line;
  }

  private static boolean isNamed(Class<?> command, String name) {
    return command.getAnnotation(Command.class).name().equals(name);
  }

  /** A call without a command is one that is not understood. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command is given");
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
