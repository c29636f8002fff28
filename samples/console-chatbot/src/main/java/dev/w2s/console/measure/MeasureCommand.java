// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.measure;

import dev.w2s.console.chat.Answer;
import dev.w2s.console.chat.Beam;
import dev.w2s.console.chat.Chat;
import dev.w2s.console.chat.Drawing;
import dev.w2s.console.chat.Guides;
import dev.w2s.console.chat.LargeModel;
import dev.w2s.console.chat.Settings;
import dev.w2s.console.chat.Stop;
import dev.w2s.console.setup.BaseOptions;
import dev.w2s.console.setup.PairOptions;
import dev.w2s.console.setup.PairPlan;
import dev.w2s.guidance.RewardModel;
import dev.w2s.model.Placement;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.guard.TrustRegion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code measure}: whether the embedded critic is kinder when it is guided. */
@Command(
    name = "measure",
    description = "Ask the embedded critic ten questions, guided and not, and have a judge read.")
public final class MeasureCommand implements Callable<Integer> {
  private static final int MAX_TOKENS = 60;

  private static final List<String> QUESTIONS =
      List.of(
          "How was the movie?",
          "How was the acting?",
          "What did you think of the story?",
          "Was the ending any good?",
          "Would you watch it again?",
          "And the music?",
          "Did you like the movie?",
          "Would you recommend it?",
          "How was the director's work?",
          "Was it funny?");

  @Spec private CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Each question is asked under seeds 1 to N (default: 3).")
  private int seeds;

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seeds is " + seeds + "; it must be at least 1");
    }
    PrintWriter out = spec.commandLine().getOut();
    Map<String, List<Judged>> all = new LinkedHashMap<>();
    try (RewardModel judge =
            RewardModel.load(
                "embedded:movie-reviews/gold",
                "POSITIVE",
                RewardModel.Input.RESPONSE,
                Placement.parse("cpu", "auto"));
        CandidateScorer scorer = judge.open(new Prompt.Text("A review."))) {
      for (long seed = 1; seed <= seeds; seed++) {
        ask(seed, scorer, all);
      }
    }
    List<Judged> unguided = all.getOrDefault(Table.FIRST, List.of());
    Table.of(all, unguided).forEach(out::println);
    out.flush();
    return ExitCode.OK;
  }

  private static void ask(long seed, CandidateScorer judge, Map<String, List<Judged>> all) {
    List<PairPlan> plans = new PairOptions().plans(variable -> null);
    LargeModel large = new BaseOptions().load(variable -> null);
    Guides guides = new Guides();
    plans.forEach(plan -> guides.add(plan.load()));
    Settings kind = new Settings(true, Map.of("kind", 1.0), new Beam(4, 4, 5), null, "");
    try (Chat chat = new Chat(large, guides, new Drawing(MAX_TOKENS, null, seed), kind)) {
      ways(kind)
          .forEach(
              (name, settings) -> {
                chat.change(settings);
                all.computeIfAbsent(name, n -> new ArrayList<>()).addAll(answers(chat, judge));
              });
    }
  }

  private static Map<String, Settings> ways(Settings kind) {
    Settings guarded = kind.withGuard(TrustRegion.defaults());
    Map<String, Settings> ways = new LinkedHashMap<>();
    ways.put(Table.FIRST, kind.withGuided(false));
    ways.put("kind, guarded", guarded);
    ways.put("kind", kind);
    ways.put("words, guarded", guarded.withWeight("words", 1).withOnly("words"));
    ways.put("kind -1, guarded", guarded.withWeight("kind", -1));
    return ways;
  }

  private static List<Judged> answers(Chat chat, CandidateScorer judge) {
    List<Judged> answers = new ArrayList<>();
    for (String question : QUESTIONS) {
      chat.reset();
      Answer answer = chat.ask(question, new Unheard(), new Stop());
      Candidate read = new Candidate(answer.text(), 1, Candidate.Status.ENDED);
      answers.add(new Judged(judge.score(List.of(read))[0], answer.end() == Answer.End.ENDED));
    }
    return answers;
  }

  /** Nobody waits for the pieces. */
  private static final class Unheard implements Chat.Listener {
    @Override
    public void onForgotten(int turns) {}

    @Override
    public void onPiece(String text) {}
  }
}
