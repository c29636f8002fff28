// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.w2s.WeakToStrongStreamingChatModel;
import java.util.List;
import java.util.concurrent.Executor;

/** The frozen large model, in this process or elsewhere. */
public interface LargeModel extends AutoCloseable {

  /** How people call it. */
  String name();

  /**
   * Has it decorated.
   *
   * @param drawing how it draws
   * @param executor runs what it streams
   */
  WeakToStrongStreamingChatModel.Builder onto(
      WeakToStrongStreamingChatModel.Builder builder, Drawing drawing, Executor executor);

  /** What it can hold; empty where nobody knows. */
  default List<Reader> readers() {
    return List.of();
  }

  /** What went wrong in words that say what to do about it. */
  default String explain(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }

  @Override
  default void close() {}
}
