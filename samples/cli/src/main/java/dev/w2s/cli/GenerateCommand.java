// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.util.Objects.requireNonNull;

import dev.w2s.EmulatedFineTuning;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.InputLines;
import dev.w2s.cli.io.Interrupts;
import dev.w2s.cli.io.JsonLines;
import dev.w2s.cli.io.Messages;
import dev.w2s.cli.io.Progress;
import dev.w2s.cli.options.LargeModelOptions;
import dev.w2s.cli.options.LargeModelOptions.Opened;
import dev.w2s.cli.options.LargePromptOptions;
import dev.w2s.cli.options.OpeningModel;
import dev.w2s.cli.options.PairPromptOptions;
import dev.w2s.cli.options.PlacementOptions;
import dev.w2s.cli.options.SearchOptions;
import dev.w2s.cli.options.SystemOption;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairSource;
import dev.w2s.model.Placement;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.search.Cancellation;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.StopReason;
import dev.w2s.search.Trace;
import dev.w2s.shell.AnyText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code w2s generate}: responses of a base model, guided by a pair or not. */
@Command(
    name = "generate",
    description = {
      "Respond to prompts with a base model guided by a pair.",
      "",
      "Prints the response to each prompt, without the prompt. With --json it prints one object a"
          + " prompt, on one line: text, score (nats), hypotheses (the response first), rounds, usage,"
          + " seconds. Times do not count the loading of models. Ctrl-C ends a search with the best so"
          + " far. With --method=eft the object has text, ended, score (nats), usage and seconds.",
      ""
    })
final class GenerateCommand implements Runnable {

  private static final String LOGITS =
      "--method=eft needs logits, so base and pair have to be in this process";

  @Spec private CommandSpec spec;

  @Mixin private LargeModelOptions largeModel;

  @Option(
      names = "--tuned",
      paramLabel = "REF",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Tuned model of the pair; not needed where there is nothing to choose.")
  private @Nullable String tuned;

  @ArgGroup(multiplicity = "1")
  private Prompts prompts;

  @Mixin private SystemOption system;

  @Mixin private LargePromptOptions largePrompt;

  @Mixin private PairPromptOptions pairPrompt;

  @Mixin private SearchOptions search;

  @Mixin private PlacementOptions placement;

  @Option(names = "--json", description = "Print JSON, one object a prompt.")
  private boolean json;

  /** One of them is given. */
  static final class Prompts {
    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        required = true,
        preprocessor = AnyText.class,
        converter = AnyText.class,
        description = "The prompt.")
    private @Nullable String text;

    @Option(
        names = "--prompts",
        paramLabel = "FILE|-",
        required = true,
        preprocessor = AnyText.class,
        converter = AnyText.class,
        description = "Prompts, one a line; a blank line is an error.")
    private @Nullable String file;

    @Option(
        names = "--messages",
        paramLabel = "FILE",
        required = true,
        preprocessor = AnyText.class,
        converter = AnyText.class,
        description = "A conversation: a JSON list of objects with role and content.")
    private @Nullable String messages;

    List<Prompt> read(SystemOption system) {
      if (messages != null) {
        return List.of(system.conversation(Messages.read(messages)));
      }
      List<String> texts = text != null ? List.of(text) : lines();
      if (texts.contains("")) {
        throw new CommandException("prompt is empty; it must have at least one character");
      }
      return texts.stream().map(system::prompt).toList();
    }

    private List<String> lines() {
      List<String> all = new ArrayList<>();
      try (InputLines lines = InputLines.open(requireNonNull(file, "file"))) {
        for (InputLines.Line line = lines.next(); line != null; line = lines.next()) {
          all.add(line.text());
        }
        if (all.isEmpty()) {
          throw new CommandException(lines.name() + ": holds no prompt");
        }
      }
      return all;
    }
  }

  @Override
  public void run() {
    SearchSettings settings = search.settings();
    search.sampling();
    largeModel.check();
    Placement where = placement.placement();
    if (search.isSteered()) {
      largeModel.requireLocal(LOGITS);
    }
    if ((settings.hasChoice() || search.isSteered()) && tuned == null) {
      throw new ParameterException(
          commandLine(),
          "--tuned and --untuned are needed: there is something to "
              + (search.isSteered() ? "steer" : "choose"));
    }
    List<Prompt> asked = prompts.read(system);
    largeModel.check(asked.get(0));
    PromptOptions view = largePrompt.options(asked.get(0));
    pairPrompt.check(asked.get(0));
    if (search.isSteered()) {
      steer(requireNonNull(tuned), asked, view, where, settings);
      return;
    }
    PairSource guide =
        tuned == null || !settings.hasChoice() ? null : pairPrompt.pair(tuned, asked.get(0), where);
    try (OpeningModel opening = largeModel.open(view, where)) {
      if (guide == null) {
        Opened large = opening.await();
        generate(model(large, view, settings).build(), large, asked, settings, searched(large));
        return;
      }
      try (Pair pair = guide.open()) {
        Opened large = opening.await();
        WeakToStrongLanguageModel.Builder model = model(large, view, settings).pair(pair);
        generate(model.build(), large, asked, settings, searched(large));
      }
    }
  }

  private WeakToStrongLanguageModel.Builder model(
      Opened large, PromptOptions view, SearchSettings settings) {
    return LargeModelOptions.builder(large, view, search, settings);
  }

  private static Function<Found, Object> searched(Opened large) {
    return found -> SearchReport.of(found.result(), found.rounds(), found.total(), large.remote());
  }

  /** Vocabularies that differ are told before any weights are loaded. */
  private void steer(
      String tuned,
      List<Prompt> asked,
      PromptOptions view,
      Placement where,
      SearchSettings settings) {
    PairSource source = pairPrompt.localPair(tuned, asked.get(0), where, LOGITS);
    EmulatedFineTuning.requireOneVocabulary(
        largeModel.requireLocal(LOGITS), source.tuned(), source.untuned());
    try (OpeningModel opening = largeModel.open(view, where);
        GuidancePair pair = source.load()) {
      Opened large = opening.await();
      generate(
          LargeModelOptions.steered(large, view, search, settings, pair),
          large,
          asked,
          settings,
          found -> SteeredReport.of(found, pair));
    }
  }

  /**
   * What came of a prompt.
   *
   * @param rounds empty where nobody wants to know
   * @param total how long it took, models already loaded
   */
  record Found(Prompt prompt, SearchResult result, List<Round> rounds, Duration total) {}

  /** Ctrl-C ends the search with the best so far, and leaves out the prompts behind it. */
  private void generate(
      WeakToStrongLanguageModel model,
      Opened large,
      List<Prompt> asked,
      SearchSettings settings,
      Function<Found, Object> report) {
    try (Interrupts interrupts = Interrupts.open()) {
      generate(model, large, asked, settings, report, interrupts.cancellation());
    }
  }

  private void generate(
      WeakToStrongLanguageModel model,
      Opened large,
      List<Prompt> asked,
      SearchSettings settings,
      Function<Found, Object> report,
      Cancellation cancellation) {
    for (int i = 0; i < asked.size() && !cancellation.isCancelled(); i++) {
      String label = asked.size() == 1 ? "search" : (i + 1) + " of " + asked.size();
      Trace trace = new Trace();
      SearchResult result;
      long start = System.nanoTime();
      try (Progress progress =
          Progress.onTerminal(commandLine().getErr(), label, rounds(settings))) {
        SearchListener listener =
            round -> {
              progress.step();
              if (json) {
                trace.onRound(round);
              }
            };
        result = model.search(asked.get(i), listener, cancellation);
      }
      Duration total = Duration.ofNanos(System.nanoTime() - start);
      print(new Found(asked.get(i), result, trace.rounds(), total), large, report);
    }
  }

  /** Rounds of a search that goes to the limit. */
  private static int rounds(SearchSettings settings) {
    return settings.method() instanceof ChunkBeam beam
        ? Math.max(1, (int) Math.ceil(settings.maxTokens() / (double) beam.chunkLength()))
        : 1;
  }

  private void print(Found found, Opened large, Function<Found, Object> report) {
    SearchResult result = found.result();
    RuntimeException failure = result.failure();
    int tokens = result.best().candidate().tokens();
    if (result.stopReason() == StopReason.OUT_OF_POSITIONS) {
      String reason =
          failure == null ? "no position is left in " + large.name() : failure.getMessage();
      warn("response cut after " + tokens + " tokens: " + reason);
    } else if (result.stopReason() == StopReason.CANCELLED) {
      warn("interrupted; the best so far, of %d tokens".formatted(tokens));
    } else if (failure != null && large.remote() != null) {
      warn("the best so far, of %d tokens: %s".formatted(tokens, failure.getMessage()));
    } else if (failure != null) {
      throw failure;
    }
    PrintWriter out = commandLine().getOut();
    if (json) {
      JsonLines.write(out, report.apply(found));
    } else {
      out.println(result.best().candidate().text());
      out.flush();
    }
  }

  private void warn(String what) {
    commandLine().getErr().println("w2s: " + Failures.oneLine(what));
  }

  private CommandLine commandLine() {
    return spec.commandLine();
  }
}
