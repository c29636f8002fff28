// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static dev.w2s.guidance.LikelihoodServer.nats;
import static dev.w2s.guidance.LikelihoodServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.server.ServerException;
import dev.w2s.server.Transport.Reply;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a model behind a server is asked; the numbers follow the formula of the server. */
class RemoteModelTest {
  private static final List<Integer> A = List.of(1, 2);
  private static final List<Integer> B = List.of(1, 3);
  private static final List<Integer> C = List.of(1, 4);
  private static final List<Integer> D = List.of(1, 5);
  private static final List<Integer> E = List.of(1, 6);

  private static final String ADVICE = "tokenBudget";

  /** Runs out of memory by more than two texts. */
  private static final LikelihoodServer.Mood AT_MOST_TWO =
      (request, texts) -> texts.size() > 2 ? refusal(500, "EngineCore died") : null;

  private final LikelihoodServer server = new LikelihoodServer();

  private static void assertNats(RemoteModel model, List<List<Integer>> texts) {
    List<double[]> nats = model.logProbabilities(texts);
    assertThat(nats).hasSameSizeAs(texts);
    for (int i = 0; i < nats.size(); i++) {
      List<Integer> text = texts.get(i);
      assertThat(nats.get(i)).containsExactly(Double.NaN, nats("tuned", text.get(0), text.get(1)));
    }
  }

  @Test
  void equalTextsAreSentOnceAndAnsweredEach() {
    RemoteModel model = server.model("tuned").build();
    assertNats(model, List.of(A, B, A, B, C));
    assertThat(server.asked()).containsExactly(List.of(A, B, C));
    assertThat(model.tokensSent()).isEqualTo(6);
    assertThat(model.httpRequests()).isEqualTo(1);
  }

  @Test
  void nothingIsSentForNoTexts() {
    assertThat(server.model("tuned").build().logProbabilities(List.of())).isEmpty();
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aRequestHoldsAsManyTokensAsTheBudget() {
    assertNats(server.model("tuned").tokenBudget(4).build(), List.of(A, B, C, D, E));
    assertThat(server.asked()).containsExactly(List.of(A, B), List.of(C, D), List.of(E));
  }

  @Test
  void aTextBeyondTheBudgetIsSentAlone() {
    assertNats(server.model("tuned").tokenBudget(1).build(), List.of(A, B));
    assertThat(server.asked()).containsExactly(List.of(A), List.of(B));
  }

  @Test
  void byDefaultTheBudgetIs2048Tokens() {
    List<Integer> half = Collections.nCopies(1024, 1);
    List<Integer> other = Collections.nCopies(1024, 2);
    List<Integer> more = Collections.nCopies(1025, 2);
    RemoteModel model = server.model("tuned").tokenBudget(null).build();
    model.logProbabilities(List.of(half, other));
    model.logProbabilities(List.of(half, more));
    assertThat(server.asked()).containsExactly(List.of(half, other), List.of(half), List.of(more));
  }

  @Test
  void aBudgetHasATokenAtLeast() {
    assertThatThrownBy(() -> server.model("tuned").tokenBudget(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tokenBudget is 0");
  }

  @Test
  void anEngineThatDiesOfManyTextsIsAskedInHalvesOnce() {
    LikelihoodServer weak = new LikelihoodServer(AT_MOST_TWO);
    RemoteModel model = weak.model("tuned").build();
    assertNats(model, List.of(A, B, C, D));
    assertThat(weak.asked()).containsExactly(List.of(A, B, C, D), List.of(A, B), List.of(C, D));
    assertThat(model.httpRequests()).isEqualTo(3);
    assertThat(model.tokensSent()).isEqualTo(16);
    assertThatThrownBy(() -> model.logProbabilities(List.of(A, B, C, D, E)))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("EngineCore died")
        .hasMessageContaining(ADVICE);
    assertThat(weak.asked().subList(3, 6))
        .containsExactly(List.of(A, B, C, D, E), List.of(A, B), List.of(C, D, E));
  }

  /** It comes back after it has dropped the connection. */
  @Test
  void aConnectionThatBreaksOffIsTakenForAnEngineThatDied() {
    LikelihoodServer weak =
        new LikelihoodServer(
            (request, texts) -> {
              if (texts.size() > 1) {
                throw new IOException("connection reset");
              }
              return null;
            });
    assertNats(weak.model("tuned").build(), List.of(A, B));
    assertThat(weak.asked()).containsExactly(List.of(A, B), List.of(A), List.of(B));
  }

  @Test
  void oneTextHasNoHalves() {
    LikelihoodServer dead = new LikelihoodServer((request, texts) -> refusal(500, "died"));
    assertThatThrownBy(() -> dead.model("tuned").build().logProbabilities(List.of(A)))
        .hasMessageContaining(ADVICE);
    assertThat(dead.asked()).hasSize(1);
  }

  @Test
  void aRefusalIsNoReasonToAskAgain() {
    LikelihoodServer strict = new LikelihoodServer((request, texts) -> refusal(400, "too many"));
    RemoteModel model = strict.model("tuned").build();
    assertThatThrownBy(() -> model.logProbabilities(List.of(A, B)))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("too many")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(ADVICE));
    assertThat(strict.asked()).hasSize(1);
  }

  @Test
  void itIsAskedInTheWayThatItUnderstands() {
    LikelihoodServer echoes =
        new LikelihoodServer(
            (request, texts) ->
                request.has("prompt_logprobs") ? refusal(400, "no such field") : null);
    RemoteModel model = echoes.model("tuned").build();
    model.check();
    assertThat(echoes.asked()).hasSize(2);
    assertNats(model, List.of(A, B));
    assertThat(echoes.asked()).hasSize(3);
  }

  @Test
  void theFirstWayThatWorksIsKept() {
    RemoteModel model = server.model("tuned").build();
    model.check();
    assertThat(server.asked()).hasSize(1);
  }

  /** Some count every token as likely as any other, and some do not know the question. */
  @Test
  void aServerThatCannotTellIsNamed() {
    LikelihoodServer same =
        new LikelihoodServer(
            (request, texts) ->
                new Reply(
                    200,
                    "",
                    """
                    {"choices": [
                      {"prompt_logprobs": [null, {"9": {"logprob": -1}}, {"7": {"logprob": -1}}]},
                      {"prompt_logprobs": [null, {"11": {"logprob": -1}}, {"13": {"logprob": -1}}]}
                    ]}"""));
    RemoteModel model = same.model("tuned").build();
    assertThatThrownBy(model::check)
        .isInstanceOf(ServerException.class)
        .hasMessageStartingWith(LikelihoodServer.URL + "#tuned")
        .hasMessageContaining("PROMPT_LOGPROBS: it gave the same sum")
        .hasMessageContaining("ECHO: ")
        .hasMessageContaining("ECHO_AND_ONE: ");
    assertThat(same.asked()).hasSize(3);
  }

  /** Another question would be refused as well. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void whoIsNotLetInOrNamesAModelThatIsNotThereIsToldAtOnce(int status) {
    LikelihoodServer closed = new LikelihoodServer((request, texts) -> refusal(status, "no"));
    RemoteModel model = closed.model("tuned").build();
    assertThatThrownBy(model::check)
        .isInstanceOfSatisfying(
            ServerException.class, e -> assertThat(e.status()).isEqualTo(status));
    assertThat(closed.asked()).hasSize(1);
  }

  @Test
  void itIsCalledByAddressAndName() {
    assertThat(server.model("tuned").build()).hasToString(LikelihoodServer.URL + "#tuned");
  }
}
