// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ScoringSession;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the two models of a pair.
 *
 * @param model small
 * @param format how it sees a prompt
 */
record PairSide(CausalModel model, PromptFormat format) {
  private static final Logger LOG = LoggerFactory.getLogger(PairSide.class);

  /** A model that sees words in front of every prompt. */
  static PairSide of(CausalModel model, String words) {
    PromptOptions options = PromptOptions.defaults().withSystem(words);
    return new PairSide(model, model.tokenizer().promptFormat(options));
  }

  ScoringSession open(Prompt prompt) {
    return model.openScoring(render(prompt));
  }

  ScoringSession open(Prompt prompt, ScoringSession beside) {
    return model.openScoring(render(prompt), beside);
  }

  Rendered render(Prompt prompt) {
    return render(format, prompt);
  }

  /** Few small models know tools; the others judge what was said around them. */
  static Rendered render(PromptFormat format, Prompt prompt) {
    try {
      return format.render(prompt);
    } catch (IllegalArgumentException e) {
      if (prompt instanceof Prompt.Conversation talk && !talk.withoutTools().equals(talk)) {
        LOG.debug("{}; tools are left out", e.getMessage());
        return format.render(talk.withoutTools());
      }
      throw e;
    }
  }
}
