// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.experiment.measure.Distinct;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.search.Candidate;
import dev.w2s.search.SearchSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The models at work.
 *
 * @param base the frozen model
 * @param template how it sees a prompt
 * @param pair what guides it
 * @param prompted what guides it in plain words: one small model under two sentences
 * @param judge what the guidance is for, and what measures it; the search never sees it
 */
public record DemoModels(
    CausalModel base,
    String template,
    GuidancePair pair,
    GuidancePair prompted,
    SequenceClassifier judge)
    implements AutoCloseable {
  public static final String BASE = "embedded:movie-reviews/base";
  public static final String TUNED = "embedded:movie-reviews/tuned";
  public static final String UNTUNED = "embedded:movie-reviews/untuned";

  /** Leaves a prompt as it is. */
  public static final String TEMPLATE = "{{prompt}}";

  /** Directly in front of the prompt. */
  public static final String WANTED =
      "One of the best movies I have ever seen. I loved it. 10/10. ";

  public static final String OPPOSITE =
      "One of the worst movies I have ever seen. I hated it. 1/10. ";

  private static final String GOLD = "embedded:movie-reviews/gold";
  private static final SamplingParameters SAMPLING = new SamplingParameters(0.7, 50, 1, List.of());

  /**
   * What came of one prompt.
   *
   * @param text the response
   * @param reward by the judge, nats
   * @param natsAToken how unlikely it is under the base
   * @param distinct2 share of its pairs of neighbouring words that are there for the first time
   * @param seconds of the search
   */
  public record Outcome(
      String text, double reward, double natsAToken, double distinct2, double seconds) {}

  /**
   * Which models play the parts that need not be the embedded models'.
   *
   * @param base reference of the frozen model
   * @param template how it sees a prompt, with {@code {{prompt}}}
   * @param prompted reference of the small model under two sentences
   */
  public record Cast(String base, String template, String prompted) {
    /** All parts are the embedded models'. */
    public static final Cast EMBEDDED = new Cast(BASE, TEMPLATE, UNTUNED);
  }

  public static DemoModels load(Placement placement, Cast cast) {
    CausalModel base = CausalModel.load(cast.base(), placement);
    try {
      GuidancePair pair = GuidancePair.load(TUNED, UNTUNED, placement, PromptFormat.raw());
      try {
        GuidancePair prompted =
            cast.prompted().equals(UNTUNED)
                ? GuidancePair.prompted(pair.untuned(), WANTED, OPPOSITE)
                : GuidancePair.prompted(cast.prompted(), WANTED, OPPOSITE);
        SequenceClassifier judge = SequenceClassifier.load(GOLD, placement);
        return new DemoModels(base, cast.template(), pair, prompted, judge);
      } catch (RuntimeException | Error e) {
        pair.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      base.close();
      throw e;
    }
  }

  /** The first calls compile; their time belongs to no prompt. */
  public void warmUp() {
    for (DemoMethod method : DemoMethod.ALL) {
      run(method.withMaxTokens(10), "The movie", 0);
    }
  }

  public Outcome run(DemoMethod method, String prompt, long seed) {
    SearchSettings settings = method.settings();
    WeakToStrongLanguageModel model =
        WeakToStrongLanguageModel.builder()
            .delegate(new LocalLanguageModel(base, SAMPLING, settings.maxTokens(), seed))
            .promptTemplate(template)
            .pair(method.prompted() ? prompted : pair)
            .settings(settings)
            .guard(method.guard())
            .build();
    long start = System.nanoTime();
    Candidate best = model.search(prompt).best().candidate();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Outcome(
        best.text(),
        reward(prompt + best.text()),
        -best.logProbability() / Math.max(1, best.tokens()), // of an empty one its end alone
        Distinct.of(best.text(), 2),
        seconds);
  }

  private double reward(String text) {
    Map<String, Double> nats = judge.logProbabilities(text);
    return nats(nats, "POSITIVE") - nats(nats, "NEGATIVE");
  }

  private static double nats(Map<String, Double> byLabel, String label) {
    return Objects.requireNonNull(byLabel.get(label), label);
  }

  @Override
  public void close() {
    try (base;
        pair;
        prompted;
        judge) {
      // closes all, whatever one of them throws
    }
  }
}
