// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A stream's callbacks as a queue: one thread alone writes to the terminal, and after a stop, which
 * no callback follows, that thread does not wait for one.
 */
final class AnswerEvents implements StreamingChatResponseHandler {

  /** What happens to an answer. */
  sealed interface Event {
    /** It goes on. */
    record Piece(String text) implements Event {}

    /** It is complete. */
    record Completed(ChatResponse response) implements Event {}

    /** It failed. */
    record Failed(Throwable failure) implements Event {}

    /** It was stopped. */
    record Stopped() implements Event {}
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  @Override
  public void onPartialResponse(String piece) {
    events.add(new Event.Piece(piece));
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    events.add(new Event.Completed(response));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event.Failed(failure));
  }

  void stopped() {
    events.add(new Event.Stopped());
  }

  /** The next one; an interrupt of this thread is a stop. */
  Event next() {
    try {
      return events.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Event.Stopped();
    }
  }
}
