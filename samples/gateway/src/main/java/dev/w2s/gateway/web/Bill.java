// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/** What the choices of one answer have cost so far. */
final class Bill {
  private TokenUsage sum = new TokenUsage(0, 0);

  synchronized void add(@Nullable TokenUsage usage) {
    if (usage != null) {
      sum = sum.add(usage);
    }
  }

  synchronized TokenUsage sum() {
    return sum;
  }
}
