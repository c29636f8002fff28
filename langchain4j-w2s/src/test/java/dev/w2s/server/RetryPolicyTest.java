// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private final RetryPolicy policy =
      new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(6));

  private static RandomGenerator always(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only doubles are asked for");
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"1, 500, 1500", "2, 1000, 3000", "3, 2000, 6000", "4, 3000, 6000", "60, 3000, 6000"})
  void pausesDoubleWithinAHalf(int failed, long least, long most) {
    assertThat(policy.pauseAfter(failed, "", NOW, always(0))).hasMillis(least);
    assertThat(policy.pauseAfter(failed, "", NOW, always(1))).hasMillis(most);
    Duration any = policy.pauseAfter(failed, "", NOW, new SplittableRandom(failed));
    assertThat(any).isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
  }

  @ParameterizedTest
  @CsvSource({
    "'4', 4000",
    "' 4 ', 4000",
    "0, 1000",
    "1.456, 1456",
    "'90', 90000",
    "'Sat, 28 Nov 2026 10:00:05 GMT', 5000",
    "'Sat, 28 Nov 2026 09:00:00 GMT', 1000",
    "'soon', 1000",
    "'-3', 1000",
    "'99999999999999999999', 1000",
  })
  void whatTheServerAsksForIsTheLeast(String retryAfter, long millis) {
    assertThat(policy.pauseAfter(1, retryAfter, NOW, always(0.5))).hasMillis(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "200, false",
    "400, false",
    "401, false",
    "404, false",
    "408, true",
    "422, false",
    "425, true",
    "429, true",
    "500, true",
    "501, false",
    "503, true",
    "529, true"
  })
  void someStatusesMayPass(int status, boolean mayPass) {
    assertThat(RetryPolicy.mayPass(status)).isEqualTo(mayPass);
  }

  @Test
  void refusesWhatIsOutOfRange() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new RetryPolicy(0, second, second))
        .hasMessage("attempts is 0, must be at least 1");
    assertThatThrownBy(() -> new RetryPolicy(1, second, Duration.ZERO))
        .hasMessage("pause is PT1S, must be from 0 to the longest, PT0S");
    assertThatThrownBy(() -> new RetryPolicy(1, second.negated(), second))
        .hasMessageStartingWith("pause is PT-1S");
    assertThat(RetryPolicy.never().attempts()).isOne();
    assertThat(RetryPolicy.defaults().attempts()).isEqualTo(4);
  }
}
