// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static dev.w2s.guidance.LikelihoodServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.PositionLimitException;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import dev.w2s.server.ServerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models behind a server, by a tokenizer of a token for each letter, so that scores can be
 * calculated by hand: nats of a token behind another one are {@code -(token + before / 8)} of the
 * tuned model, and twice that of the untuned one.
 */
class RemotePairTest {
  private static final PromptOptions OWN = PromptOptions.defaults();
  private static final Prompt PROMPT = Prompt.of("ac"); // tokens 1 and 2

  @TempDir private Path directory;

  private final LikelihoodServer server = new LikelihoodServer();
  private ModelDirectory letters;

  @BeforeEach
  void writeTokenizer() {
    letters =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("letters"))
            .delete("tokenizer_config.json")
            .write(
                "tokenizer.json",
                """
                {"version": "1.0", "added_tokens": [], "model": {"type": "BPE",
                 "merges": [["c", "g"]],
                 "vocab": {"<eos>": 0, "a": 1, "c": 2, "g": 3, "t": 4, "cg": 5}}}""");
  }

  private TokenizerDirectory ending(String eosTokens) {
    letters.write("generation_config.json", "{\"eos_token_id\": " + eosTokens + "}");
    return TokenizerDirectory.open(letters.path().toString());
  }

  private static RemotePair pair(LikelihoodServer server, TokenizerDirectory tokenizer) {
    return RemotePair.builder()
        .tuned(server.model("tuned").build(), OWN)
        .untuned(server.model("untuned").build(), OWN)
        .tokenizer(tokenizer)
        .connect();
  }

  private static Response open(String text) {
    return new Response(text, false);
  }

  private static Response ended(String text) {
    return new Response(text, true);
  }

  /** A token that joins prompt and response counts, and a response without tokens is not sent. */
  @Test
  void scoresAreOfTheTokensBeyondThePrompt() {
    try (TokenizerDirectory tokenizer = ending("0");
        PairSession session = pair(server, tokenizer).openSession(PROMPT)) {
      int before = server.asked().size();
      assertThat(
              session.score(
                  List.of(open("gt"), open("t"), open(""), ended(""), ended("t"), open("t"))))
          .containsExactly(
              new PairScore(-9.75, -19.5, 2), // 5 behind 1, 4 behind 5
              new PairScore(-4.25, -8.5, 1), // 4 behind 2
              new PairScore(0, 0, 0),
              new PairScore(-0.25, -0.5, 1), // 0 behind 2
              new PairScore(-4.75, -9.5, 2), // 4 behind 2, 0 behind 4
              new PairScore(-4.25, -8.5, 1));
      List<List<Integer>> texts =
          List.of(List.of(1, 5, 4), List.of(1, 2, 4), List.of(1, 2, 0), List.of(1, 2, 4, 0));
      assertThat(server.asked().subList(before, server.asked().size()))
          .as("one request to each model")
          .containsExactly(texts, texts);
      assertThat(session.tokensRun()).isEqualTo(2 * (3 + 3 + 3 + 4));
    }
  }

  /** Each is answered only when the other one has been asked as well. */
  @Test
  void bothModelsAreAskedAtATime() {
    CyclicBarrier both = new CyclicBarrier(2);
    LikelihoodServer together =
        new LikelihoodServer(
            (request, texts) -> {
              if (!isProbe(texts)) {
                await(both);
              }
              return null;
            });
    try (TokenizerDirectory tokenizer = ending("0");
        PairSession session = pair(together, tokenizer).openSession(PROMPT)) {
      assertThat(session.score(List.of(open("t")))).containsExactly(new PairScore(-4.25, -8.5, 1));
    }
  }

  /** Whether a pair is being built: no prompt here begins with 5. */
  private static boolean isProbe(List<List<Integer>> texts) {
    return texts.get(0).get(0) == 5;
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException("asked alone", e);
    }
  }

  @Test
  void nothingIsAskedWhereNothingCounts() {
    try (TokenizerDirectory tokenizer = ending("0");
        PairSession session = pair(server, tokenizer).openSession(PROMPT)) {
      int before = server.asked().size();
      assertThat(session.score(List.of(open("")))).containsExactly(new PairScore(0, 0, 0));
      assertThat(server.asked()).hasSize(before);
      assertThat(session.tokensRun()).isZero();
    }
  }

  /** The end is any of them: {@code log(exp(nats of 0) + exp(nats of 3))}. */
  @Test
  void aModelWithSeveralEndsEndsByAnyOfThem() {
    try (TokenizerDirectory tokenizer = ending("[0, 3]");
        PairSession session = pair(server, tokenizer).openSession(PROMPT)) {
      PairScore score = session.score(List.of(ended("t"))).get(0);
      assertThat(score.tokens()).isEqualTo(2);
      assertThat(score.tuned())
          .isCloseTo(-4.25 + Math.log(Math.exp(-0.5) + Math.exp(-3.5)), within(1e-12));
      assertThat(score.untuned())
          .isCloseTo(-8.5 + Math.log(Math.exp(-1) + Math.exp(-7)), within(1e-12));
    }
  }

  @Test
  void eachModelSeesThePromptInItsOwnFormat() {
    try (TokenizerDirectory tokenizer = ending("0")) {
      RemotePair pair =
          RemotePair.builder()
              .tuned(server.model("tuned").build(), OWN.withSystem("g"))
              .untuned(server.model("untuned").build(), OWN.withTextTemplate("{{prompt}}t"))
              .tokenizer(tokenizer)
              .connect();
      int before = server.asked().size();
      try (PairSession session = pair.openSession(PROMPT)) {
        session.score(List.of(open("a")));
      }
      assertThat(server.asked().subList(before, server.asked().size()))
          .containsExactlyInAnyOrder(List.of(List.of(3, 1, 2, 1)), List.of(List.of(1, 2, 4, 1)));
    }
  }

  @Test
  void toolsAreLeftOutWhereATemplateKnowsNone() {
    String raises =
        "{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools') }}"
            + "{% endif %}{{ m.content }}{% endfor %}";
    try (TokenizerDirectory tokenizer = ending("0")) {
      RemotePair pair =
          RemotePair.builder()
              .tuned(server.model("tuned").build(), OWN.withChatTemplate(raises))
              .untuned(server.model("untuned").build(), OWN.withChatTemplate(raises))
              .tokenizer(tokenizer)
              .connect();
      Prompt talk =
          new Prompt.Conversation(List.of(new Turn("user", "ac"), new Turn("tool", "gg")));
      try (PairSession session = pair.openSession(talk)) {
        assertThat(session.score(List.of(open("t"))))
            .containsExactly(new PairScore(-4.25, -8.5, 1));
      }
    }
  }

  /** In the words of vLLM, llama.cpp and others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "This model's maximum Context Length is 4 tokens",
        "the request exceeds the available context size",
        "Input is too long",
        "exceeds max_model_len"
      })
  void whatIsTooLongForTheServerIsLeftOutAlone(String refusal) {
    LikelihoodServer narrow =
        new LikelihoodServer(
            (request, texts) ->
                texts.stream().anyMatch(text -> text.size() > 4) ? refusal(400, refusal) : null);
    try (TokenizerDirectory tokenizer = ending("0");
        CandidateScorer scorer = pair(narrow, tokenizer).open(PROMPT)) {
      Candidate fits = new Candidate("ta", 1, Candidate.Status.OPEN);
      Candidate tooLong = new Candidate("ta", 1, Candidate.Status.ENDED);
      // 4 behind 2 and 1 behind 4: 5.75 nats, and twice that of the untuned model
      assertThat(scorer.score(List.of(tooLong, fits))).containsExactly(Double.NaN, 5.75);
      assertThatThrownBy(() -> scorer.score(List.of(tooLong)))
          .isInstanceOf(PositionsExhaustedException.class)
          .hasCauseInstanceOf(PositionLimitException.class)
          .hasMessageContaining("have 5 tokens")
          .hasMessageContaining(refusal);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tuned", "untuned"})
  void aTextHasToFitBothModels(String narrower) {
    LikelihoodServer narrow =
        new LikelihoodServer(
            (request, texts) ->
                request.get("model").asText().equals(narrower)
                        && texts.stream().anyMatch(text -> text.size() > 3)
                    ? refusal(400, "too long")
                    : null);
    try (TokenizerDirectory tokenizer = ending("0");
        PairSession session = pair(narrow, tokenizer).openSession(PROMPT)) {
      assertThat(session.fit(List.of(open("t"), open("ta")))).containsExactly(true, false);
    }
  }

  /** A server that fails is no reason to drop a text, whatever it says. */
  @Test
  void anotherFailureIsTheServers() {
    assertFails(400, "no such model");
    assertFails(500, "the queue is too long");
  }

  /** Of a server that has answered when the pair was built. */
  private void assertFails(int status, String message) {
    LikelihoodServer failing =
        new LikelihoodServer((request, texts) -> isProbe(texts) ? null : refusal(status, message));
    try (TokenizerDirectory tokenizer = ending("0");
        CandidateScorer scorer = pair(failing, tokenizer).open(PROMPT)) {
      assertThatThrownBy(() -> scorer.score(List.of(new Candidate("t", 1, Candidate.Status.OPEN))))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void aPromptWithoutTokensIsRefused() {
    try (TokenizerDirectory tokenizer = ending("0")) {
      RemotePair pair = pair(server, tokenizer);
      assertThatThrownBy(() -> pair.openSession(Prompt.of("xyz")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'xyz'")
          .hasMessageContaining(LikelihoodServer.URL + "#tuned");
    }
  }

  @Test
  void bothServersAreAskedBeforeThereIsAPair() {
    LikelihoodServer alike = new LikelihoodServer();
    LikelihoodServer none = new LikelihoodServer((request, texts) -> refusal(404, "no model"));
    try (TokenizerDirectory tokenizer = ending("0")) {
      RemotePair.Builder half =
          RemotePair.builder()
              .tuned(alike.model("tuned").build(), OWN)
              .untuned(none.model("untuned").build(), OWN)
              .tokenizer(tokenizer);
      assertThatThrownBy(half::connect)
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("no model");
      assertThat(alike.asked()).hasSize(1);
      RemotePair.Builder turned =
          RemotePair.builder()
              .tuned(none.model("tuned").build(), OWN)
              .untuned(alike.model("untuned").build(), OWN)
              .tokenizer(tokenizer);
      assertThatThrownBy(turned::connect).isInstanceOf(ServerException.class);
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    RemotePair.Builder builder = RemotePair.builder();
    assertMissing(builder, "tuned is missing");
    builder.tuned(server.model("tuned").build(), OWN);
    assertMissing(builder, "untuned is missing");
    builder.untuned(server.model("untuned").build(), OWN);
    assertMissing(builder, "tokenizer is missing");
    assertThat(server.asked()).isEmpty();
  }

  private static void assertMissing(RemotePair.Builder builder, String message) {
    assertThatThrownBy(builder::connect)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aTokenizerThatNamesNoEndIsRefused() {
    try (TokenizerDirectory tokenizer = ending("0");
        TokenizerDirectory endless = new TokenizerDirectory(tokenizer.tokenizer(), List.of())) {
      assertThatThrownBy(() -> pair(server, endless))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("EOS token");
      assertThat(server.asked()).isEmpty();
    }
  }

  /** It is the caller's, and several pairs may have it. */
  @Test
  void theTokenizerStaysOpen() {
    try (TokenizerDirectory tokenizer = ending("0")) {
      RemotePair pair = pair(server, tokenizer);
      pair.close();
      assertThat(pair.tokenizer()).isSameAs(tokenizer.tokenizer());
      assertThat(pair.tokenizer().countTokens("acgt")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eitherModelMayBeInThisProcess(boolean tunedIsLocal) {
    List<Response> responses = List.of(open(" good"), ended(" good"));
    try (TokenizerDirectory tokenizer = TokenizerDirectory.open(Golden.reference("llama-gqa"));
        CausalModel local = Golden.model("llama-gqa");
        ScoringSession alone = local.openScoring(Rendered.raw("This movie was"));
        PairSession session =
            withLocal(local, tunedIsLocal, tokenizer).openSession(Prompt.of("This movie was"));
        PairSession remote = pair(server, tokenizer).openSession(Prompt.of("This movie was"))) {
      List<PairScore> scores = session.score(responses);
      List<PairScore> far = remote.score(responses);
      assertThat(session.device()).isEqualTo("cpu");
      assertThat(remote.device()).isEmpty();
      for (int i = 0; i < scores.size(); i++) {
        PairScore score = scores.get(i);
        assertThat(tunedIsLocal ? score.tuned() : score.untuned())
            .isCloseTo(alone.score(responses).get(i).logProbability(), within(1e-4));
        assertThat(tunedIsLocal ? score.untuned() : score.tuned())
            .isEqualTo(tunedIsLocal ? far.get(i).untuned() : far.get(i).tuned());
        assertThat(score.tokens()).isEqualTo(far.get(i).tokens());
      }
    }
  }

  private RemotePair withLocal(
      CausalModel local, boolean tunedIsLocal, TokenizerDirectory tokenizer) {
    RemotePair.Builder builder = RemotePair.builder().tokenizer(tokenizer);
    return tunedIsLocal
        ? builder.tuned(local, OWN).untuned(server.model("untuned").build(), OWN).connect()
        : builder.tuned(server.model("tuned").build(), OWN).untuned(local, OWN).connect();
  }

  @Test
  void aModelInThisProcessHasToHaveThePairsTokens() {
    try (TokenizerDirectory tokenizer = ending("0");
        CausalModel local = Golden.model("llama-gqa")) {
      assertThatThrownBy(() -> withLocal(local, true, tokenizer))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining(local.reference())
          .hasMessageContaining("vocabularies differ");
    }
  }
}
