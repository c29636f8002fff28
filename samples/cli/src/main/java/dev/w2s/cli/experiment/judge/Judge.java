// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import dev.w2s.cli.experiment.method.Answer;
import dev.w2s.prompt.Prompt;

/** Tells how good a response is. No search sees it, unless the file has it for a guide as well. */
public interface Judge {

  /**
   * The reward of a response, higher is better.
   *
   * @throws RuntimeException if it cannot be judged
   */
  double reward(Prompt prompt, Answer answer);
}
