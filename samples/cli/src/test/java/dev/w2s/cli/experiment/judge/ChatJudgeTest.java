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
    "'8 / 10', 8",
    "'[[7]]', 7",
    "'<think>A 3? It names 2 of 4 points.</think> 8', 8",
    "'So it is a 3.</think>\n\n6', 6"
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
        "10/10, 9",
        "5 reasons why this is a 9",
        "on a scale of 1 to 10: 8",
        "<think>I would say 7",
        "<think>a 7</think>"
      })
  void everythingElseIsNone(String reply) {
    assertThat(ChatJudge.number(reply)).isEmpty();
  }
}
