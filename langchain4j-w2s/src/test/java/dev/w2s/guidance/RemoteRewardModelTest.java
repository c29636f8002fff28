// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerException;
import dev.w2s.server.Transport.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteRewardModelTest {
  private final List<String> requests = new ArrayList<>();

  private RemoteRewardModel.Builder answering(String answer) {
    return RemoteRewardModel.builder()
        .baseUrl("http://a/v1")
        .modelName("gold")
        .retries(RetryPolicy.never())
        .transport(
            (uri, headers, body, timeout) -> {
              requests.add(uri + " " + body);
              return new Reply(200, "", answer);
            });
  }

  private static double[] score(RemoteRewardModel model) {
    try (CandidateScorer scorer = model.open(Prompt.of("A movie"))) {
      return scorer.score(
          List.of(
              new Candidate(" is good", 2, Candidate.Status.OPEN),
              new Candidate(" is bad", 2, Candidate.Status.ENDED)));
    }
  }

  /** ln(0.8 / 0.2) and ln(0.1 / 0.9); the second came first. */
  @Test
  void aLabelIsScoredByItsLogOdds() {
    RemoteRewardModel model =
        answering(
                "{\"data\": [{\"index\": 1, \"probs\": [0.9, 0.1]},"
                    + " {\"index\": 0, \"probs\": [0.2, 0.8]}]}")
            .label(1)
            .build();
    assertThat(score(model))
        .containsExactly(new double[] {Math.log(4), -Math.log(9)}, within(1e-12));
    assertThat(requests)
        .containsExactly(
            "http://a/classify {\"model\":\"gold\",\"input\":[\"A movie is good\",\"A movie is"
                + " bad\"]}");
  }

  @Test
  void aScoreIsTakenAsItIs() {
    RemoteRewardModel model = answering("{\"data\": [{\"score\": 2.5}, {\"score\": -1}]}").build();
    assertThat(score(model)).containsExactly(2.5, -1);
    assertThat(requests)
        .containsExactly(
            "http://a/score {\"model\":\"gold\",\"text_1\":\"A movie\",\"text_2\":[\" is good\",\""
                + " is bad\"]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\": [{\"score\": 1}]}",
        "{\"data\": [{\"score\": 1}, {\"score\": null}]}",
        "{\"data\": [{\"score\": 1, \"index\": 0}, {\"score\": 1, \"index\": 0}]}",
        "{}"
      })
  void whatIsNoScoreIsNamed(String answer) {
    RemoteRewardModel model = answering(answer).build();
    assertThatThrownBy(() -> score(model))
        .isInstanceOf(ServerException.class)
        .hasMessageStartingWith("http://a/score gave ");
  }

  @Test
  void aLabelThatIsNotThereIsNamed() {
    RemoteRewardModel model =
        answering("{\"data\": [{\"probs\": [1]}, {\"probs\": [1]}]}").label(3).build();
    assertThatThrownBy(() -> score(model))
        .hasMessage("http://a/v1#gold has 1 labels; there is none of the index 3");
  }
}
