// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import dev.w2s.guidance.Guide;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.annotation.Bean;

/**
 * A guide without an opinion that scores the first round and waits in the second. No scan finds it:
 * only applications with its {@link #PROPERTY} have it.
 */
class HeldGuide implements Guide {
  /** Puts it into an application, without the dashes of an argument. */
  static final String PROPERTY = "spring.main.sources=" + HeldGuide.class.getName();

  private final CountDownLatch gate = new CountDownLatch(1);

  @Bean
  WeightedGuide held() {
    return new WeightedGuide("held", this, 1);
  }

  void letGo() {
    gate.countDown();
  }

  @Override
  public CandidateScorer open(Prompt prompt) {
    return new CandidateScorer() {
      private boolean first = true;

      @Override
      public double[] score(List<Candidate> candidates) {
        if (!first) {
          waitForGate();
        }
        first = false;
        return new double[candidates.size()];
      }

      @Override
      public long tokensRun() {
        return 0;
      }

      @Override
      public void close() {}
    };
  }

  /** An interrupt is a stop as well; the search sees to it. */
  private void waitForGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
