// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Whether two models make a pair: the log-ratio means something only if both count the same tokens.
 *
 * @param errors what makes the two no pair
 * @param warnings what works but is seldom meant
 */
public record PairCheck(List<String> errors, List<String> warnings) {
  /** Words, digits, spaces, punctuation, accents, another script and an emoji. */
  private static final String PROBE =
      "The 12 quick-brown foxes  jumped\n\tover it's \"naïve\" dogs: 漢字 🙂 (don't!)";

  /** Copies the lists. */
  public PairCheck {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /** Compares two models; scores a short text with each. */
  public static PairCheck of(CausalModel tuned, CausalModel untuned) {
    List<String> errors = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    ModelTokenizer first = tuned.tokenizer();
    ModelTokenizer second = untuned.tokenizer();
    if (!first.sameVocabulary(second)) {
      errors.add(
          "the tokenizers' vocabularies differ (%d and %d tokens)"
              .formatted(
                  tuned.summary().tokenizerVocabulary(), untuned.summary().tokenizerVocabulary()));
    } else if (!first.encode(PROBE, true).equals(second.encode(PROBE, true))) {
      errors.add("the tokenizers split the same text differently");
    }
    List<Integer> firstEnd = tuned.summary().eosTokens();
    List<Integer> secondEnd = untuned.summary().eosTokens();
    if (!Set.copyOf(firstEnd).equals(Set.copyOf(secondEnd))) {
      List<String> found = Collections.disjoint(firstEnd, secondEnd) ? errors : warnings;
      found.add("their EOS tokens differ (%s and %s)".formatted(firstEnd, secondEnd));
    }
    if (!Objects.equals(first.chatTemplate(), second.chatTemplate())) {
      warnings.add("their chat templates differ");
    }
    if (tuned.summary().positions() != untuned.summary().positions()) {
      warnings.add(
          "their positions differ (%d and %d); the smaller number holds"
              .formatted(tuned.summary().positions(), untuned.summary().positions()));
    }
    if (errors.isEmpty() && probe(tuned) == probe(untuned)) {
      warnings.add("they give the same text the same probability: every score will be zero");
    }
    return new PairCheck(errors, warnings);
  }

  private static double probe(CausalModel model) {
    try (ScoringSession session = model.openScoring(Rendered.raw("The"))) {
      return session
          .score(List.of(new ScoringSession.Response(" quick brown fox", false)))
          .get(0)
          .logProbability();
    }
  }

  /** Whether there is no error. */
  public boolean valid() {
    return errors.isEmpty();
  }

  InvalidModelException toException(String tuned, String untuned) {
    return new InvalidModelException(
        "%s and %s are not a pair: %s".formatted(tuned, untuned, String.join("; ", errors)));
  }
}
