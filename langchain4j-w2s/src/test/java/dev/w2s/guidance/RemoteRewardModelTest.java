// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
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
  private static final String EVEN = "{\"data\": [{\"probs\": [0.5]}, {\"probs\": [0.5]}]}";

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
    return score(model, Prompt.of("A movie"));
  }

  private static double[] score(RemoteRewardModel model, Prompt prompt) {
    try (CandidateScorer scorer = model.open(prompt)) {
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
        answering("{\"data\": [{\"probs\": [1]}, {\"probs\": [1]}]}").label(1).build();
    assertThatThrownBy(() -> score(model))
        .hasMessage("http://a/v1#gold has 1 labels; there is none of the index 1");
    assertThatThrownBy(() -> answering("{}").label(-1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("label is -1");
  }

  /** A server rounds to 0 and 1, whose log-odds are infinite; {@code ln(1e12)} is 27.631. */
  @Test
  void certaintyIsNotInfinite() {
    RemoteRewardModel model =
        answering("{\"data\": [{\"probs\": [1, 0]}, {\"probs\": [0, 1]}]}").label(0).build();
    assertThat(score(model)).containsExactly(new double[] {27.631, -27.631}, within(1e-3));
  }

  @Test
  void theResponseMayBeReadAlone() {
    RemoteRewardModel model = answering(EVEN).label(0).readsPrompt(false).build();
    assertThat(score(model)).containsExactly(0, 0);
    assertThat(requests)
        .containsExactly(
            "http://a/classify {\"model\":\"gold\",\"input\":[\" is good\",\" is bad\"]}");
  }

  @Test
  void aConversationIsReadPlainly() {
    Prompt asked = new Prompt.Conversation(List.of(new Turn("user", "How?")));
    score(answering(EVEN).label(0).build(), asked);
    score(answering("{\"data\": [{\"score\": 1}, {\"score\": 2}]}").build(), asked);
    assertThat(requests)
        .containsExactly(
            "http://a/classify {\"model\":\"gold\",\"input\":[\"User: How?\\n\\nAssistant:  is"
                + " good\",\"User: How?\\n\\nAssistant:  is bad\"]}",
            "http://a/score {\"model\":\"gold\",\"text_1\":\"User: How?\\n\\nAssistant:\",\"text_2\""
                + ":[\" is good\",\" is bad\"]}");
  }

  @Test
  void itIsCalledByAddressAndName() {
    assertThat(answering("{}").build()).hasToString("http://a/v1#gold");
  }
}
