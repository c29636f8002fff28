// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.w2s.model.StopStrings;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;

/**
 * Makes candidates of what servers say of continuations.
 *
 * @param stop texts that end a response and are not part of it; what a server has missed across two
 *     chunks ends it here
 */
public record ServedCandidates(StopStrings stop) {

  /** What a decoder shows where the bytes of a character are not all there. */
  private static final char REPLACEMENT = '\uFFFD';

  /** Of a text whose tokens nobody tells. */
  private static final int CHARACTERS_A_TOKEN = 4;

  /**
   * A candidate.
   *
   * @param text the whole response with the continuation
   * @param settled length of what is sure to stay, if the response goes on
   * @param tokens of the continuation that count
   * @param handle of a response that goes on
   */
  public Candidate of(
      DrawRequest request, Choice choice, String text, int settled, int tokens, Object handle) {
    Candidate before = request.response();
    int all = before.tokens() + tokens;
    double nats = before.logProbability() + choice.logProbability();
    int stopAt = stop.firstIn(text, before.text().length());
    if (stopAt >= 0) {
      return new Candidate(text.substring(0, stopAt), "", all, Status.ENDED, nats, null);
    }
    if (choice.finish() == Finish.STOP) {
      return new Candidate(text, "", all, Status.ENDED, nats, null);
    }
    int safe = Math.min(settled, text.length() - stop.heldBack(text));
    return new Candidate(
        text.substring(0, safe), text.substring(safe), all, Status.OPEN, nats, handle);
  }

  /** As the server says; else as many as were asked for, or an estimate of those of an end. */
  public static int tokens(DrawRequest request, Choice choice) {
    if (choice.tokens() > 0) {
      return choice.tokens();
    }
    boolean full =
        choice.finish() == Finish.LENGTH && request.maxTokens() != SearchSettings.UNLIMITED;
    int estimate = 1 + choice.text().length() / CHARACTERS_A_TOKEN;
    return full ? request.maxTokens() : Math.min(request.maxTokens(), estimate);
  }

  /** Length of a text without the beginning of a character at its end, which is drawn again. */
  public static int wholeCharacters(String text) {
    int length = text.length();
    while (length > 0 && text.charAt(length - 1) == REPLACEMENT) {
      length--;
    }
    return length;
  }
}
