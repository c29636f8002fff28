// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import dev.w2s.console.chat.Chat;
import dev.w2s.console.chat.Drawing;
import dev.w2s.console.chat.Guides;
import dev.w2s.console.chat.LargeModel;
import dev.w2s.console.chat.Settings;
import dev.w2s.console.commands.CommandSet;
import dev.w2s.console.commands.Room;
import dev.w2s.console.measure.MeasureCommand;
import dev.w2s.console.setup.BaseOptions;
import dev.w2s.console.setup.PairOptions;
import dev.w2s.console.setup.PairPlan;
import dev.w2s.console.setup.SearchOptions;
import dev.w2s.console.terminal.Console;
import dev.w2s.console.terminal.ConsoleOptions;
import dev.w2s.console.terminal.Screen;
import dev.w2s.console.terminal.Style;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/**
 * A conversation in the terminal, guided while it streams.
 *
 * <p>It exits with 0 at the end of the conversation, with 1 where something cannot be loaded or
 * reached, which is one line on standard error, and with 2 on a call that it does not understand.
 */
@Command(
    name = "console-chatbot",
    description = {
      "A conversation with a frozen model that a pair of small ones steers.",
      "",
      "Without options it talks to an embedded critic about a movie that it has seen. /help lists what"
          + " can be done on the way. Lines may come from a pipe.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.ManifestVersion.class,
    usageHelpAutoWidth = true,
    subcommands = MeasureCommand.class,
    footer = {
      "",
      "REF is the path of a Hugging Face directory, hf:ORG/NAME[@REVISION] or embedded:NAME; an"
          + " option goes before its variable of the environment (env)."
    })
public final class Main implements Callable<Integer> {
  private final Host host;

  @Mixin private BaseOptions base;

  @Mixin private PairOptions pairs;

  @Mixin private SearchOptions search;

  @Mixin private ConsoleOptions terminal;

  private Main(Host host) {
    this.host = host;
  }

  /**
   * Runs the conversation and exits with its code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    // From JDK 22 on the default console answers for a redirected output as well.
    System.setProperty("jdk.console", "java.base");
    System.exit(run(new SystemHost().host(), args));
  }

  /** Runs a conversation and returns the exit code. */
  static int run(Host host, String... args) {
    Failures failures = new Failures(host.err());
    CommandLine command =
        new CommandLine(new Main(host))
            .setOut(host.out())
            .setErr(host.err())
            .setExpandAtFiles(false)
            .setExecutionExceptionHandler((e, line, result) -> failures.error(e))
            .setParameterExceptionHandler((e, arguments) -> failures.usage(e));
    try {
      return command.execute(args);
    } catch (Error e) {
      return failures.error(e); // picocli hands on exceptions, not errors such as a full heap
    }
  }

  @Override
  public Integer call() throws IOException {
    Drawing drawing = search.drawing();
    base.check(host.environment());
    List<PairPlan> plans = pairs.plans(host.environment());
    Settings settings = search.settings(plans);
    terminal.history(); // whether or not there is a terminal, what is wrong is wrong
    CommandSet commands = new CommandSet();
    try (Console console = host.terminal().open(terminal, host.environment(), commands::words);
        Chat chat = chat(plans, drawing, settings)) {
      Room room = new Room(chat, console, new Screen(console));
      greet(room);
      new Talk(room, commands).run();
    }
    return ExitCode.OK;
  }

  private Chat chat(List<PairPlan> plans, Drawing drawing, Settings settings) {
    LargeModel large = base.load(host.environment());
    Guides guides = new Guides();
    try {
      plans.forEach(plan -> guides.add(plan.load()));
      return new Chat(large, guides, drawing, settings);
    } catch (RuntimeException | Error e) {
      try (large;
          guides) {
        throw e;
      }
    }
  }

  /** The version as the jar's manifest states it. */
  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"console-chatbot " + (version == null ? "(unpackaged)" : version)};
    }
  }

  private static void greet(Room room) {
    if (room.screen().interactive()) {
      room.screen()
          .say(
              Style.DIM,
              room.chat().largeModel() + " listens; /help tells what can be done, Ctrl-D ends it.");
    }
  }
}
