// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import dev.w2s.cli.experiment.judge.Fluency;
import dev.w2s.cli.experiment.judge.Judge;
import dev.w2s.cli.experiment.judge.Judges;
import dev.w2s.cli.experiment.measure.Distinct;
import dev.w2s.cli.experiment.method.Answer;
import dev.w2s.cli.experiment.method.Method;
import dev.w2s.cli.experiment.method.Methods;
import dev.w2s.cli.experiment.models.Guides;
import dev.w2s.cli.experiment.models.LargeModel;
import dev.w2s.cli.experiment.models.LargeModels;
import dev.w2s.cli.experiment.models.ModelPool;
import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.experiment.plan.MethodPlan;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.prompt.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An experiment with all its models, which makes samples.
 *
 * @param pool owned
 * @param methods by their names
 * @param judges by their names, in the file's order
 * @param fluency null for none
 */
public record OpenExperiment(
    ModelPool pool,
    Map<String, Method> methods,
    Map<String, Judge> judges,
    @Nullable Fluency fluency)
    implements AutoCloseable {

  /** Loads all models and asks the guides' servers. */
  public static OpenExperiment open(Experiment experiment) {
    ModelPool pool = new ModelPool();
    try {
      boolean guarded = experiment.methods().stream().anyMatch(m -> m.guard() != null);
      LargeModel base = LargeModels.open(experiment.base(), guarded, pool);
      Guides guides = Guides.open(experiment.guides(), pool);
      Map<String, Method> methods = new LinkedHashMap<>();
      for (MethodPlan plan : experiment.methods()) {
        methods.put(plan.name(), Methods.open(plan, base, guides, pool));
      }
      return new OpenExperiment(
          pool,
          methods,
          Judges.open(experiment.judges(), guides, pool),
          Fluency.open(experiment, pool));
    } catch (RuntimeException | Error e) {
      pool.close();
      throw e;
    }
  }

  /** Makes a sample, or one that says why there is none. */
  Sample sample(Sample.Key key, Prompt prompt) {
    String text = null;
    try {
      long start = System.nanoTime();
      Answer answer = method(key.method()).answer(prompt, key.seed());
      double seconds = (System.nanoTime() - start) / 1e9;
      text = answer.text();
      return judged(key, prompt, answer, seconds);
    } catch (RuntimeException e) {
      String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
      return Sample.failed(key, Identity.tree(prompt), text, message);
    }
  }

  private Method method(String name) {
    return Objects.requireNonNull(methods.get(name), name);
  }

  private Sample judged(Sample.Key key, Prompt prompt, Answer answer, double seconds) {
    Map<String, Double> verdicts = new LinkedHashMap<>();
    judges.forEach((name, judge) -> verdicts.put(name, judge.reward(prompt, answer)));
    Score likelihood = fluency == null ? null : fluency.score(prompt, answer);
    return new Sample(
        key.method(),
        key.seed(),
        key.promptNumber(),
        Identity.tree(prompt),
        answer.text(),
        verdicts.values().iterator().next(),
        verdicts,
        answer.score(),
        answer.tokens(),
        Distinct.words(answer.text()).size(),
        answer.ended(),
        answer.stopReason(),
        Distinct.of(answer.text(), 1),
        Distinct.of(answer.text(), 2),
        likelihood == null ? null : -likelihood.logProbability(),
        likelihood == null ? null : likelihood.tokens(),
        answer.sampledTokens(),
        answer.scoredTokens(),
        answer.calls(),
        seconds,
        null);
  }

  /** What was loaded. */
  List<String> models() {
    return pool.titles();
  }

  @Override
  public void close() {
    pool.close();
  }
}
