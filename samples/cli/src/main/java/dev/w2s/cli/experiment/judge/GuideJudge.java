// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import dev.w2s.cli.experiment.method.Answer;
import dev.w2s.cli.io.CommandException;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.ResponseScorer;
import dev.w2s.prompt.Prompt;
import java.util.List;

/**
 * A reward model or the log-ratio of a pair, at the whole response.
 *
 * @param guide stays the caller's
 */
record GuideJudge(Guide guide) implements Judge {
  @Override
  public double reward(Prompt prompt, Answer answer) {
    double reward =
        new ResponseScorer(guide, answer.ended()).score(prompt, List.of(answer.text()))[0];
    if (Double.isNaN(reward)) {
      throw new CommandException("prompt and response are too long for the judge");
    }
    return reward;
  }
}
