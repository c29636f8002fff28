// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.server.ServerException;
import dev.w2s.server.Transport.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairSourceTest {
  private static final String SERVED = "http://localhost:1/v1#small";
  private static final String TINY = Golden.reference("llama-gqa");

  private static PairSource source(
      String tuned, String untuned, @Nullable String tokenizer, @Nullable String key) {
    PromptOptions options = PromptOptions.defaults();
    return new PairSource(tuned, untuned, options, options, Golden.CPU_FLOAT32, tokenizer, key);
  }

  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private String url;

  /** Whose log-probabilities follow a formula. */
  @BeforeEach
  void start() throws IOException {
    LikelihoodServer answers = new LikelihoodServer();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/completions",
        exchange -> {
          keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          Reply reply =
              answers.post(exchange.getRequestURI(), Map.of(), body, Duration.ofMinutes(1));
          exchange.sendResponseHeaders(reply.status(), 0);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(reply.body().getBytes(UTF_8));
          }
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static List<PairScore> score(Pair pair) {
    try (PairSession session = pair.openSession(Prompt.of("This movie was"))) {
      return session.score(List.of(new Response(" good", true)));
    }
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true"})
  void eachModelIsHereOrBehindAServer(boolean tunedIsServed, boolean untunedIsServed) {
    String tuned = tunedIsServed ? url + "#tuned" : TINY;
    String untuned = untunedIsServed ? url + "#untuned" : TINY;
    OpenNatives before = OpenNatives.onCpu();
    int here = tunedIsServed && untunedIsServed ? 0 : 1;
    Pair pair = source(tuned, untuned, TINY, "secret").open();
    try (pair;
        GuidancePair local = source(TINY, TINY, null, null).load()) {
      assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + here + 1);
      ModelTokenizer tokenizer = pair.tokenizer();
      double known = score(local).get(0).tuned();
      PairScore score = score(pair).get(0);
      assertThat(score.tuned())
          .isCloseTo(tunedIsServed ? served("tuned", tokenizer) : known, within(1e-4));
      assertThat(score.untuned())
          .isCloseTo(untunedIsServed ? served("untuned", tokenizer) : known, within(1e-4));
    }
    assertThat(keys).isNotEmpty().containsOnly("Bearer secret");
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    assertClosed(pair.tokenizer());
  }

  /** By the formula: {@code " good"} behind the prompt, and the end behind that. */
  private static double served(String model, ModelTokenizer tokenizer) {
    TokenIds all = tokenizer.encode("This movie was good", true);
    double nats = LikelihoodServer.nats(model, all.get(all.size() - 1), 0);
    for (int i = tokenizer.encode("This movie was", true).size(); i < all.size(); i++) {
      nats += LikelihoodServer.nats(model, all.get(i - 1), all.get(i));
    }
    return nats;
  }

  private static void assertClosed(ModelTokenizer tokenizer) {
    assertThatThrownBy(() -> tokenizer.encode("a", false))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void modelsOfASourceStayOpen() {
    try (CausalModel model = Golden.model("llama-gqa")) {
      ModelSource one =
          new ModelSource() {
            @Override
            public CausalModel languageModel(ModelFiles files, Placement placement) {
              assertThat(files.reference()).isEqualTo(TINY);
              return model;
            }

            @Override
            public SequenceClassifier classifier(ModelFiles files, Placement placement) {
              throw new AssertionError("no classifier is asked for");
            }
          };
      OpenNatives before = OpenNatives.onCpu();
      Pair pair = source(url + "#tuned", TINY, TINY, null).openWith(one);
      List<PairScore> scores = score(pair);
      pair.close();
      assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
      assertThat(scores).hasSize(1);
      assertThat(model.tokenizer().countTokens("a")).isOne();
    }
  }

  /** The server does not have the second model, when the first one is loaded already. */
  @Test
  void nothingStaysOpenWhereAServerIsNotThere() {
    OpenNatives before = OpenNatives.onCpu();
    PairSource half = source(TINY, url + "/nowhere#untuned", TINY, null);
    assertThatThrownBy(half::open).isInstanceOf(ServerException.class);
    assertThat(OpenNatives.onCpu().modelsSoFar()).isEqualTo(before.modelsSoFar() + 1);
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  @Test
  void whatIsBehindAServerCannotBeLoaded() {
    PairSource remote = source(SERVED, "dir", "tok", null);
    assertThatThrownBy(remote::load)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(SERVED);
  }

  /** It ends up in logs. */
  @Test
  void namesItsModelsAndNotItsKey() {
    assertThat(source(SERVED, "dir", "tok", "secret").toString())
        .isEqualTo(SERVED + " against dir");
  }

  @Test
  void refusesAnAddressThatIsNone() {
    assertThatThrownBy(() -> source("http://localhost:1/v1", "dir", "tok", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tuned is ");
    assertThatThrownBy(() -> source("dir", "http://localhost:1/v1", "tok", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("untuned is ");
  }

  @Test
  void refusesWhatGoesWithServersAlone() {
    assertThatThrownBy(() -> source("a", "b", "tok", null))
        .hasMessage("tokenizer is 'tok'; without a model behind a server it has no meaning");
    assertThatThrownBy(() -> source("a", "b", null, "secret"))
        .hasMessage("apiKey is given; without a model behind a server it has no meaning");
    assertThatThrownBy(() -> source("a", SERVED, null, null))
        .hasMessageStartingWith("tokenizer is missing; ");
    assertThat(source("a", SERVED, "tok", "secret").apiKey()).isEqualTo("secret");
  }
}
