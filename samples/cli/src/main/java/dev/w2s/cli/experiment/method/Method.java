// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.method;

import dev.w2s.prompt.Prompt;

/** A way to a response. */
public interface Method {

  /**
   * Responds to a prompt.
   *
   * @param seed same seed and prompt, same response
   * @throws RuntimeException if there is no response, or one that was cut by a failure
   */
  Answer answer(Prompt prompt, long seed);
}
