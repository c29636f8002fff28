// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.w2s.guidance.Guide;
import dev.w2s.guidance.Pair;
import java.util.List;

/**
 * A guide that the conversation can be steered by.
 *
 * @param name how commands call it
 * @param description what it is made of
 * @param guide itself
 * @param readers its models in this process
 */
public record NamedGuide(String name, String description, Guide guide, List<Reader> readers)
    implements AutoCloseable {

  /** Copies the readers. */
  public NamedGuide {
    readers = List.copyOf(readers);
  }

  /** Closes the pair that it is. */
  @Override
  public void close() {
    if (guide instanceof Pair pair) {
      pair.close();
    }
  }
}
