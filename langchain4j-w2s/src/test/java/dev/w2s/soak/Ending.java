// SPDX-License-Identifier: Apache-2.0
package dev.w2s.soak;

import dev.w2s.model.PositionLimitException;
import dev.w2s.search.PositionsExhaustedException;
import dev.w2s.search.StopReason;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/** What is done to a search, to how many of a hundred, and what may come of it. */
enum Ending {
  WHOLE(78),
  /** Sampler or guide throws in the middle. */
  PORT_THROWS(6),
  CANCELLED(10),
  PROMPT_TOO_LONG(3),
  /** The prompt leaves few positions, to the guide perhaps none. */
  NO_ROOM(2),
  /** All models are closed in the middle, before their sessions. */
  MODELS_CLOSED(1);

  /** A fault of sampler or guide. */
  static final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final int percent;

  Ending(int percent) {
    this.percent = percent;
  }

  static Ending draw(SplittableRandom random) {
    int left = random.nextInt(Arrays.stream(values()).mapToInt(ending -> ending.percent).sum());
    for (Ending ending : values()) {
      left -= ending.percent;
      if (left < 0) {
        return ending;
      }
    }
    throw new AssertionError();
  }

  /** Any search may end by itself: what is to be done to it may come too late. */
  boolean allows(StopReason reason) {
    return switch (reason) {
      case ENDED, TOKEN_LIMIT -> true;
      case FAILED -> this == PORT_THROWS || this == MODELS_CLOSED;
      case CANCELLED -> this == CANCELLED;
      case OUT_OF_POSITIONS -> this == NO_ROOM;
      default -> false;
    };
  }

  boolean allows(RuntimeException error) {
    return switch (this) {
      case WHOLE -> false;
      case PORT_THROWS -> error instanceof Injected;
      case CANCELLED -> error instanceof CancellationException;
      case MODELS_CLOSED -> error instanceof IllegalStateException;
      case PROMPT_TOO_LONG -> error instanceof PositionLimitException;
      case NO_ROOM ->
          error instanceof PositionLimitException || error instanceof PositionsExhaustedException;
    };
  }
}
