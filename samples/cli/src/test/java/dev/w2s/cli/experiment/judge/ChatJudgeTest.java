// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatJudgeTest {

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "10, 10",
    "1, 1",
    "6.5, 6.5",
    "'Rating: 8/10', 8",
    "'I would say 9 out of 10.', 9",
    "'**4**', 4",
    "'8 / 10', 8"
  })
  void oneNumberIsTheReward(String reply, double number) {
    assertThat(ChatJudge.number(reply)).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "good",
        "0",
        "11",
        "-3",
        "between 7 and 8",
        "7 or 8",
        "8/100",
        "85 %",
        "10/10, 9"
      })
  void everythingElseIsNone(String reply) {
    assertThat(ChatJudge.number(reply)).isEmpty();
  }
}
