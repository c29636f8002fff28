// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import dev.w2s.cli.experiment.method.Answer;
import dev.w2s.cli.io.CommandException;
import dev.w2s.guidance.ResponseScorer;
import dev.w2s.guidance.RewardModel;
import dev.w2s.guidance.RewardModel.Input;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Prompt.Conversation;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A reward model that reads sentence by sentence; the mean of the sentences' rewards counts. A
 * response cannot make up for a lukewarm sentence by another glowing one, so the reward goes on
 * telling searches apart where that of the whole text has come to its end.
 *
 * @param model reads responses alone; stays the caller's
 * @param input whether raw text is read with its prompt, whose last words begin the first sentence
 */
record SentenceJudge(RewardModel model, Input input) implements Judge {

  @Override
  public double reward(Prompt prompt, Answer answer) {
    boolean continued = input == Input.PROMPT_AND_RESPONSE && !(prompt instanceof Conversation);
    String text = continued ? ((Prompt.Text) prompt).text() + answer.text() : answer.text();
    List<String> sentences = sentences(text);
    if (sentences.isEmpty()) {
      return 0; // as a reward model that reads a response alone has it
    }
    double[] rewards = new ResponseScorer(model, /* ended= */ false).score(prompt, sentences);
    double mean = Arrays.stream(rewards).average().orElseThrow();
    if (Double.isNaN(mean)) {
      throw new CommandException("a sentence is too long for the judge");
    }
    return mean;
  }

  /** The sentences of a text, as far as they hold a letter or a digit. */
  static List<String> sentences(String text) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    breaks.setText(text);
    List<String> sentences = new ArrayList<>();
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      String sentence = text.substring(start, end).strip();
      if (sentence.codePoints().anyMatch(Character::isLetterOrDigit)) {
        sentences.add(sentence);
      }
      start = end;
    }
    return sentences;
  }
}
