// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.w2s.local.ThinkingTags.Parts;
import java.util.function.Consumer;

/** Sends the thinking and the answer of one growing response, each in pieces that are not empty. */
final class PartsStream {
  private final Thinking parts;
  private final Consumer<String> thinking;
  private final Consumer<String> text;
  private final StringBuilder response = new StringBuilder();
  private int thinkingSent;
  private int textSent;

  PartsStream(Thinking parts, Consumer<String> thinking, Consumer<String> text) {
    this.parts = parts;
    this.thinking = thinking;
    this.text = text;
  }

  /** Takes what has come newly. */
  void accept(String piece) {
    send(parts.soFar(response.append(piece).toString()));
  }

  /** Nothing more comes. */
  void finish() {
    send(parts.whole(response.toString()));
  }

  private void send(Parts sure) {
    thinkingSent = send(sure.thinking(), thinkingSent, thinking);
    textSent = send(sure.text(), textSent, text);
  }

  private static int send(String whole, int sent, Consumer<String> out) {
    if (whole.length() > sent) {
      out.accept(whole.substring(sent));
    }
    return whole.length();
  }
}
