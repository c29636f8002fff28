// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.guidance.Guide;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Likes a word: its score is how often a text holds it. Keeps the prompts and texts it was shown.
 */
final class WordGuide implements Guide {
  private final String word;
  final List<Prompt> prompts = new CopyOnWriteArrayList<>();
  final List<String> texts = new CopyOnWriteArrayList<>();

  WordGuide(String word) {
    this.word = word;
  }

  @Override
  public CandidateScorer open(Prompt prompt) {
    prompts.add(prompt);
    return new CandidateScorer() {
      @Override
      public double[] score(List<Candidate> candidates) {
        candidates.forEach(candidate -> texts.add(candidate.text()));
        return candidates.stream().mapToDouble(candidate -> count(candidate.text())).toArray();
      }

      @Override
      public long tokensRun() {
        return texts.size();
      }

      @Override
      public void close() {}
    };
  }

  private double count(String text) {
    return (text.length() - text.replace(word, "").length()) / (double) word.length();
  }
}
