// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.InputLines;
import dev.w2s.cli.io.JsonLines;
import dev.w2s.cli.io.Messages;
import dev.w2s.cli.options.PairPromptOptions;
import dev.w2s.cli.options.PlacementOptions;
import dev.w2s.cli.options.SystemOption;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairScore;
import dev.w2s.guidance.PairSession;
import dev.w2s.guidance.PairSource;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.Prompt;
import dev.w2s.shell.AnyText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code w2s score}: what a pair says of given responses. It answers as soon as it can: lines that
 * are there are scored together, and it never waits for more before it answers those it has.
 */
@Command(
    name = "score",
    description = {
      "Score responses to a prompt by a pair of models.",
      "",
      "Each line of the input is {\"text\": \"...\", \"ended\": true|false}; other keys are ignored,"
          + " a blank line is an error, and input without lines gives output without lines. Each line"
          + " of the output, in order, is {\"tuned\": nats, \"untuned\": nats, \"score\": nats,"
          + " \"tokens\": n}.",
      ""
    })
final class ScoreCommand implements Runnable {
  /** Most lines scored at once; bounds memory for long files. */
  private static final int BATCH = 16;

  @Spec private CommandSpec spec;

  @Option(
      names = "--tuned",
      paramLabel = "REF",
      required = true,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Tuned model.")
  private String tuned;

  @ArgGroup(multiplicity = "1")
  private Asked asked;

  /** One of the two is given. */
  static final class Asked {
    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        required = true,
        preprocessor = AnyText.class,
        converter = AnyText.class,
        description = "The prompt.")
    private @Nullable String text;

    @Option(
        names = "--messages",
        paramLabel = "FILE",
        required = true,
        preprocessor = AnyText.class,
        converter = AnyText.class,
        description = "A conversation: a JSON list of objects with role and content.")
    private @Nullable String messages;

    Prompt read(SystemOption system) {
      return messages != null
          ? system.conversation(Messages.read(messages))
          : system.prompt(Objects.requireNonNullElse(text, ""));
    }
  }

  @Option(
      names = "--responses",
      paramLabel = "FILE|-",
      required = true,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The responses, one a line; - reads standard input.")
  private String responses;

  @Mixin private SystemOption system;

  @Mixin private PairPromptOptions pairPrompt;

  @Mixin private PlacementOptions placement;

  private record Item(InputLines.Line line, Response response) {}

  private record ScoreLine(double tuned, double untuned, double score, int tokens) {
    static ScoreLine of(PairScore score) {
      return new ScoreLine(score.tuned(), score.untuned(), score.logRatio(), score.tokens());
    }
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Prompt prompt = asked.read(system);
    PairSource source = pairPrompt.pair(tuned, prompt, placement.placement());
    try (InputLines lines = InputLines.open(responses);
        Pair pair = source.open();
        PairSession session = pair.openSession(prompt)) {
      List<Item> batch = new ArrayList<>();
      while (fill(batch, lines, session, out)) {
        answer(batch, session, out);
      }
    }
  }

  /** Takes the next lines; false when there are none. */
  private static boolean fill(
      List<Item> batch, InputLines lines, PairSession session, PrintWriter out) {
    batch.clear();
    try {
      do {
        InputLines.Line line = lines.next();
        if (line == null) {
          break;
        }
        batch.add(new Item(line, response(line)));
      } while (batch.size() < BATCH && lines.ready());
    } catch (CommandException e) {
      answer(batch, session, out); // what stands before a bad line is good
      throw e;
    }
    return !batch.isEmpty();
  }

  private static Response response(InputLines.Line line) {
    ObjectNode object = JsonLines.read(line);
    return new Response(
        JsonLines.text(object, "text", line), JsonLines.flag(object, "ended", line));
  }

  private static void answer(List<Item> batch, PairSession session, PrintWriter out) {
    if (batch.isEmpty()) {
      return;
    }
    List<PairScore> scores;
    try {
      scores = session.score(batch.stream().map(Item::response).toList());
    } catch (RuntimeException e) {
      if (batch.size() > 1) {
        batch.forEach(item -> answer(List.of(item), session, out)); // finds the line
        return;
      }
      throw new CommandException(batch.get(0).line().place() + ": " + e.getMessage(), e);
    }
    scores.forEach(score -> JsonLines.write(out, ScoreLine.of(score)));
  }
}
