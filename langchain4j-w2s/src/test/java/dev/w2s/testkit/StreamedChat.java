// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes down what a streaming chat model calls, and on which threads. */
public final class StreamedChat implements StreamingChatResponseHandler {
  private final List<String> pieces = new ArrayList<>();
  private final List<String> thinking = new ArrayList<>();
  private final List<CompleteToolCall> toolCalls = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();
  private final Set<Thread> threads = new LinkedHashSet<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private ChatResponse complete;
  private int callbacks;
  private boolean thinkingFirst = true;
  private int cancelAfter = Integer.MAX_VALUE;
  private RuntimeException thrown;

  /** Cancels the stream in the callback of this piece, counted from 1. */
  public StreamedChat cancelAfter(int piece) {
    cancelAfter = piece;
    return this;
  }

  /** Throws in every callback of a piece. */
  public StreamedChat throwing(RuntimeException exception) {
    thrown = exception;
    return this;
  }

  private synchronized void called() {
    callbacks++;
    threads.add(Thread.currentThread());
  }

  @Override
  public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
    called();
    synchronized (this) {
      pieces.add(partial.text());
      if (pieces.size() == cancelAfter) {
        context.streamingHandle().cancel();
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
    called();
    synchronized (this) {
      thinking.add(partial.text());
      thinkingFirst &= pieces.isEmpty();
    }
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    called();
    synchronized (this) {
      toolCalls.add(call);
    }
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    called();
    synchronized (this) {
      complete = response;
    }
    ended.countDown();
  }

  @Override
  public void onError(Throwable error) {
    called();
    synchronized (this) {
      errors.add(error);
    }
    if (thrown == null) {
      ended.countDown();
    }
  }

  /** Waits for the complete response. */
  public ChatResponse await() throws InterruptedException {
    awaitEnd();
    synchronized (this) {
      if (complete == null) {
        throw new AssertionError("the stream failed", errors.get(0));
      }
      return complete;
    }
  }

  /** Waits for an error. */
  public Throwable awaitError() throws InterruptedException {
    awaitEnd();
    return errors().get(0);
  }

  private void awaitEnd() throws InterruptedException {
    if (!ended.await(1, TimeUnit.MINUTES)) {
      throw new AssertionError("the stream has not ended within a minute");
    }
  }

  /** The pieces of text in order. */
  public synchronized List<String> pieces() {
    return List.copyOf(pieces);
  }

  /** All pieces together. */
  public synchronized String text() {
    return String.join("", pieces);
  }

  public synchronized List<String> thinking() {
    return List.copyOf(thinking);
  }

  /** Whether all thinking came before all text. */
  public synchronized boolean thinkingFirst() {
    return thinkingFirst;
  }

  public synchronized List<CompleteToolCall> toolCalls() {
    return List.copyOf(toolCalls);
  }

  public synchronized List<Throwable> errors() {
    return List.copyOf(errors);
  }

  /** The threads of all callbacks. */
  public synchronized Set<Thread> threads() {
    return Set.copyOf(threads);
  }

  /** How many callbacks there were. */
  public synchronized int callbacks() {
    return callbacks;
  }

  /** Whether the stream has ended with a response or an error. */
  public boolean hasEnded() {
    return ended.getCount() == 0;
  }
}
