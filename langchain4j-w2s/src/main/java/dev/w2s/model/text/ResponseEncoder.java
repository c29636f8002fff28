// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokenizes responses to one prompt: always as {@code tokenizer(prompt + response)} would, but of a
 * text whose beginning is known from the call before only the end is tokenized, from the last
 * {@linkplain StablePlaces stable place} of what is known on. For one thread at a time.
 */
public final class ResponseEncoder {
  private final ModelTokenizer tokenizer;
  private final Rendered prompt;
  private final TokenizedText promptAlone;

  /** What the last call tokenized, by the response. */
  private Map<String, TokenizedText> known = Map.of();

  private long charactersTokenized;

  /** Tokenizes the prompt. */
  public ResponseEncoder(ModelTokenizer tokenizer, Rendered prompt) {
    this.tokenizer = tokenizer;
    this.prompt = prompt;
    promptAlone = whole(ModelTokenizer.wellFormed(prompt.text()));
  }

  /** The prompt whose responses it tokenizes. */
  public Rendered prompt() {
    return prompt;
  }

  /** The tokens of the prompt alone; may be empty. */
  public TokenIds promptTokens() {
    return promptAlone.tokens();
  }

  /**
   * The tokens of prompt and response. What the next call does not share with these responses is
   * forgotten.
   *
   * @return for each response, in order, the prompt's tokens and its own
   */
  public List<TokenIds> encode(List<String> responses) {
    Map<String, TokenizedText> tokenized = new HashMap<>();
    List<TokenIds> sequences = new ArrayList<>();
    for (String response : responses) {
      sequences.add(tokenized.computeIfAbsent(response, this::tokenized).tokens());
    }
    known = tokenized;
    return sequences;
  }

  private TokenizedText tokenized(String response) {
    TokenizedText same = known.get(response);
    return same != null ? same : tokenize(ModelTokenizer.wellFormed(prompt.text() + response));
  }

  private TokenizedText tokenize(String text) {
    char[] chars = text.toCharArray();
    TokenizedText nearest = promptAlone;
    int common = promptAlone.commonPrefix(chars);
    for (TokenizedText other : known.values()) {
      int length = other.commonPrefix(chars);
      if (length > common) {
        nearest = other;
        common = length;
      }
    }
    // The window begins one place earlier than it is used: a tokenizer may treat the start of a
    // text in a way of its own, for instance put a space there.
    int place = tokenizer.keepsPlaces() ? StablePlaces.lastBefore(text, common) : -1;
    int start = StablePlaces.lastBefore(text, place);
    if (start < 0) {
      return whole(text);
    }
    TokenizedText window = tokenizer.tokenize(text.substring(start), /* addSpecialTokens= */ false);
    charactersTokenized += text.length() - start;
    int kept = nearest.tokensBefore(place);
    int dropped = window.tokensBefore(place - start);
    return kept < 0 || dropped < 0 ? whole(text) : nearest.join(kept, window, dropped, chars);
  }

  private TokenizedText whole(String text) {
    charactersTokenized += text.length();
    return tokenizer.tokenize(text, prompt.specialTokens());
  }

  /** Characters that the tokenizer was given so far. */
  public long charactersTokenized() {
    return charactersTokenized;
  }
}
