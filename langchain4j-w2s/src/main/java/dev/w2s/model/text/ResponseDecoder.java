// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import java.util.Arrays;

/**
 * Turns tokens of responses to one prompt into text. A response is decoded behind the end of its
 * prompt, since some tokenizers drop a space at the start of a text, and of a response that goes on
 * only the new tokens are decoded, behind some of those before.
 *
 * <p>The text only grows: a character whose bytes are not all there is held back. It is that of all
 * tokens decoded at once, with one exception. Tokenizers that spell rare characters in byte tokens
 * give up a whole row of them when one byte does not fit; here the characters of the row that were
 * complete before stay.
 */
public final class ResponseDecoder {
  /** Tokens that are decoded once more in front of new ones. */
  private static final int CONTEXT = 8;

  /** How bytes that make up no character are decoded. */
  private static final String INCOMPLETE = "\uFFFD";

  private final ModelTokenizer tokenizer;
  private final TokenIds prompt;

  /** Opens a decoder for responses to a prompt. */
  public ResponseDecoder(ModelTokenizer tokenizer, TokenIds prompt) {
    this.tokenizer = tokenizer;
    this.prompt = prompt;
  }

  /** Decodes a response. */
  public DecodedResponse decode(TokenIds response) {
    Growing growing = grow(DecodedResponse.EMPTY);
    response.stream().forEach(growing::append);
    return growing.decoded();
  }

  /** Goes on with a response, which itself stays as it is. */
  public Growing grow(DecodedResponse from) {
    return new Growing(from);
  }

  /** A response on its way. */
  public final class Growing {
    private int[] tokens;
    private int size;

    /** The text of the first {@code settled} tokens. */
    private final StringBuilder text;

    private int settled;

    /** The text of the tokens from {@code settled} up to {@code read}. */
    private String unfinished;

    private int read;

    /** Where the tokens in front of the unsettled ones begin; the prompt's last is at -1. */
    private int context;

    private String contextText = "";

    private Growing(DecodedResponse from) {
      size = from.tokens().size();
      tokens = from.tokens().stream().toArray();
      text = new StringBuilder(from.text());
      settled = from.settled();
      unfinished = from.unfinished();
      read = size;
    }

    /** Takes one more token. */
    public void append(int token) {
      if (size == tokens.length) {
        tokens = Arrays.copyOf(tokens, size + CONTEXT + size / 2);
      }
      tokens[size++] = token;
    }

    /** How many tokens the response has. */
    public int size() {
      return size;
    }

    /** The tokens so far and their text. */
    public DecodedResponse decoded() {
      read();
      TokenIds all = TokenIds.of(Arrays.copyOf(tokens, size));
      return new DecodedResponse(all, text.toString(), unfinished, settled);
    }

    /** The end of what {@link DecodedResponse#text} would be. */
    public String text(int from) {
      read();
      return text.substring(from);
    }

    /** What {@link DecodedResponse#unfinished} would be. */
    public String unfinished() {
      read();
      return unfinished;
    }

    private void read() {
      if (read == size) {
        return;
      }
      findContext();
      String next = unsettledUpTo(size);
      if (!next.contains(INCOMPLETE)) {
        settle(size, next);
        read = size;
        return;
      }
      // What is held back must not depend on how many tokens are read at a time.
      while (read < size) {
        read++;
        next = unsettledUpTo(read);
        if (next.endsWith(INCOMPLETE)) {
          unfinished = next;
        } else {
          settle(read, next);
          findContext();
        }
      }
    }

    private void settle(int end, String next) {
      text.append(next);
      unfinished = "";
      settled = end;
    }

    /** Chooses tokens in front of the unsettled ones, from the start of a character on. */
    private void findContext() {
      context = Math.max(-prompt.size(), settled - CONTEXT);
      contextText = decode(context, settled);
      while (context > -prompt.size()
          && (contextText.isEmpty() || contextText.startsWith(INCOMPLETE))) {
        context--;
        contextText = decode(context, settled);
      }
    }

    private String unsettledUpTo(int end) {
      String both = decode(context, end);
      return both.startsWith(contextText)
          ? both.substring(contextText.length())
          : decode(settled, end);
    }

    /** The text of tokens by their index in the response; the prompt's end at -1. */
    private String decode(int from, int to) {
      int[] part = new int[to - from];
      for (int i = 0; i < part.length; i++) {
        int index = from + i;
        part[i] = index < 0 ? prompt.get(prompt.size() + index) : tokens[index];
      }
      return tokenizer.decode(TokenIds.of(part));
    }
  }
}
