// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.stream.Collectors.joining;

import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether two models make a pair: the log-ratio means something only if both count the same tokens.
 *
 * @param errors what makes the two no pair
 * @param warnings what works but is seldom meant
 */
public record PairCheck(List<String> errors, List<String> warnings) {
  private static final Logger LOG = LoggerFactory.getLogger(PairCheck.class);

  private static final int SHOWN = 5;

  /** Words, digits, spaces, punctuation, accents, another script and an emoji. */
  private static final String PROBE =
      "The 12 quick-brown foxes  jumped\n\tover it's \"naïve\" dogs: 漢字 🙂 (don't!)";

  /** Copies the lists. */
  public PairCheck {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /** Compares two models that would be shown the same prompts. */
  public static PairCheck of(ModelFiles tuned, ModelFiles untuned) {
    return of(tuned, untuned, /* samePrompts= */ true);
  }

  /**
   * Compares two models.
   *
   * @param samePrompts whether both are shown a prompt in the same way
   */
  static PairCheck of(ModelFiles tuned, ModelFiles untuned, boolean samePrompts) {
    List<String> errors = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    checkKinds(tuned, untuned, errors);
    checkTokens(tuned.tokenizer(), untuned.tokenizer(), errors, warnings);
    checkEnds(tuned, untuned, errors, warnings);
    if (!Objects.equals(tuned.tokenizer().chatTemplate(), untuned.tokenizer().chatTemplate())) {
      warnings.add("their chat templates differ");
    }
    if (tuned.positions() != untuned.positions()) {
      warnings.add(
          "their positions differ (%d and %d); the smaller number holds"
              .formatted(tuned.positions(), untuned.positions()));
    }
    if (samePrompts
        && tuned.eosTokens().equals(untuned.eosTokens())
        && tuned.sameWeights(untuned)) {
      warnings.add("their weights are the same: every score will be zero");
    }
    return new PairCheck(errors, warnings);
  }

  private static void checkKinds(ModelFiles tuned, ModelFiles untuned, List<String> errors) {
    for (ModelFiles files : List.of(tuned, untuned)) {
      if (files.kind() != Kind.LANGUAGE_MODEL) {
        errors.add(
            "%s is a %s, not a %s".formatted(files.reference(), files.kind(), Kind.LANGUAGE_MODEL));
      }
    }
  }

  /**
   * Compares two tokenizers: what both count must be the same tokens. A tuned model may have a few
   * added tokens more; a text that holds none of these is the same tokens for both.
   */
  static void checkTokens(
      ModelTokenizer first, ModelTokenizer second, List<String> errors, List<String> warnings) {
    String difference = first.differenceFrom(second);
    if (difference != null) {
      errors.add(
          "the tokenizers' vocabularies differ (%d and %d tokens; %s)"
              .formatted(first.size(), second.size(), difference));
    } else if (!first.mergesAs(second)
        || !first.encode(PROBE, true).equals(second.encode(PROBE, true))) {
      errors.add("the tokenizers split the same text differently");
    } else {
      warnOfAdded("the first", first.tokensBeyond(second), warnings);
      warnOfAdded("the second", second.tokensBeyond(first), warnings);
    }
  }

  /**
   * Whether a small model has a large one's tokens, so that it can steer each of them.
   *
   * @throws InvalidModelException if it has not; the message names both and a token
   */
  public static void requireTokensOf(ModelFiles large, ModelFiles small) {
    requireTokensOf(large.reference(), large.tokenizer(), small.reference(), small.tokenizer());
  }

  /** A token that the small model alone has is never asked for; one that it lacks would be. */
  static void requireTokensOf(
      String large, ModelTokenizer largeTokens, String small, ModelTokenizer smallTokens) {
    List<String> errors = new ArrayList<>();
    checkTokens(largeTokens, smallTokens, errors, new ArrayList<>());
    List<String> lacking = largeTokens.tokensBeyond(smallTokens);
    if (errors.isEmpty() && !lacking.isEmpty()) {
      errors.add("the second lacks the token '%s'".formatted(lacking.get(0)));
    }
    if (!errors.isEmpty()) {
      throw new InvalidModelException(
          "%s cannot be steered at every token by %s: %s"
              .formatted(large, small, String.join("; ", errors)));
    }
  }

  private static void warnOfAdded(String which, List<String> tokens, List<String> warnings) {
    if (!tokens.isEmpty()) {
      warnings.add(
          "%s alone has the added tokens %s%s; a text with one of them is other tokens to each"
              .formatted(
                  which,
                  tokens.stream().limit(SHOWN).map("'%s'"::formatted).collect(joining(", ")),
                  tokens.size() > SHOWN ? " and " + (tokens.size() - SHOWN) + " more" : ""));
    }
  }

  private static void checkEnds(
      ModelFiles tuned, ModelFiles untuned, List<String> errors, List<String> warnings) {
    Set<Integer> first = tuned.eosTokens();
    Set<Integer> second = untuned.eosTokens();
    if (!first.equals(second)) {
      List<String> found = Collections.disjoint(first, second) ? errors : warnings;
      found.add("their EOS tokens differ (%s and %s)".formatted(first, second));
    }
  }

  /** Whether there is no error. */
  public boolean valid() {
    return errors.isEmpty();
  }

  /** Refuses what is no pair and logs what is doubtful. */
  void require(String tuned, String untuned) {
    if (!valid()) {
      throw new InvalidModelException(
          "%s and %s are not a pair: %s".formatted(tuned, untuned, String.join("; ", errors)));
    }
    if (!warnings.isEmpty()) {
      LOG.warn("pair {} / {}: {}", tuned, untuned, String.join("; ", warnings));
    }
  }
}
