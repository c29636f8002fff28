// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.sampling.calls.ServedModel;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.Completions;
import dev.w2s.server.DrawOptions;
import dev.w2s.server.Input;
import dev.w2s.server.JsonServer;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerAddress;
import dev.w2s.server.ServerException;
import dev.w2s.server.Transport.Reply;
import dev.w2s.testkit.CompletionsWorld;
import dev.w2s.testkit.CompletionsWorld.Temperament;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds of a search against servers of many ways. */
class CompletionsSamplerTest {
  private static final String PROMPT = "This movie was";
  private static final DrawOptions PLAIN =
      new DrawOptions(null, null, null, null, null, List.of(), false);

  /**
   * @param model what is found out
   * @param completions the endpoint
   */
  private record Served(ServedModel model, Completions completions) {
    CompletionsSampler sampler(DrawOptions options, @Nullable Long seed) {
      return new CompletionsSampler(model, completions, Input.of(PROMPT), options, seed);
    }

    int fallbacks() {
      return model.fallbacks();
    }
  }

  private static Served model(CompletionsWorld world, int concurrency) {
    return model(
        body -> {
          CompletionsWorld.Answer answer = world.answer(body);
          return new Reply(answer.status(), "", answer.body());
        },
        concurrency);
  }

  private static Served model(Answering answering, int concurrency) {
    JsonServer server =
        new JsonServer(
            new ServerAddress("http://a/v1"),
            (uri, headers, body, timeout) -> answering.answer(body),
            RetryPolicy.never(),
            Duration.ofSeconds(1),
            pause -> {});
    return new Served(
        new ServedModel(
            "http://a/v1#base", new ParallelCalls(concurrency, null), ServedModel.Limits.NONE),
        new Completions(server, "base"));
  }

  private static CompletionsSampler sampler(Served model, DrawOptions options) {
    return model.sampler(options, 7L);
  }

  private static List<DrawRequest> first(int draws) {
    return List.of(new DrawRequest(Hypothesis.root(), draws, 5));
  }

  /** The first three open candidates, each to be continued by so many. */
  private static List<DrawRequest> next(List<List<Candidate>> drawn, int... draws) {
    List<Candidate> open =
        drawn.stream().flatMap(List::stream).filter(Candidate::isOpen).limit(draws.length).toList();
    List<DrawRequest> requests = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) {
      requests.add(new DrawRequest(new Hypothesis(i + 1, 0, open.get(i), 0, 1), draws[i], 5));
    }
    return requests;
  }

  private static void assertContinues(List<DrawRequest> requests, List<List<Candidate>> drawn) {
    assertThat(drawn).hasSameSizeAs(requests);
    for (int i = 0; i < requests.size(); i++) {
      Candidate from = requests.get(i).response();
      assertThat(drawn.get(i))
          .hasSize(requests.get(i).draws())
          .allSatisfy(
              candidate -> {
                assertThat(candidate.text()).startsWith(from.text()).matches("( [a-z])*");
                assertThat(candidate.tokens()).isBetween(from.tokens(), from.tokens() + 5);
                assertThat(candidate.isOpen())
                    .isEqualTo(candidate.text().length() == from.text().length() + 10);
              });
    }
  }

  /** Whatever a server does, each hypothesis gets as many continuations as were asked for. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FILTERS")
  void everyHypothesisIsContinuedAsOftenAsAsked(Temperament way) {
    for (int concurrency : new int[] {1, 4}) {
      CompletionsWorld world = new CompletionsWorld(way);
      CompletionsSampler sampler = sampler(model(world, concurrency), PLAIN);
      List<DrawRequest> requests = first(16);
      for (int round = 0; round < 4; round++) {
        List<List<Candidate>> drawn = sampler.sample(requests);
        assertContinues(requests, drawn);
        requests = next(drawn, 4, 8, 4);
      }
      assertThat(sampler.cost().calls()).isEqualTo(world.requests().size());
    }
  }

  @Test
  void aRoundIsOneRequest() {
    CompletionsWorld world = new CompletionsWorld();
    CompletionsSampler sampler = sampler(model(world, 1), PLAIN);
    List<List<Candidate>> drawn = sampler.sample(first(16));
    sampler.sample(next(drawn, 4, 4, 4));
    assertThat(world.requests()).hasSize(2);
    JsonNode first = world.requests().get(0);
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "model", "prompt", "n", "max_tokens", "seed", "return_token_ids");
    assertThat(first.get("prompt").asText()).isEqualTo(PROMPT);
    assertThat(first.get("n").asInt()).isEqualTo(16);
    assertThat(first.get("max_tokens").asInt()).isEqualTo(5);
    JsonNode second = world.requests().get(1);
    assertThat(second.get("prompt")).hasSize(3);
    assertThat(second.get("prompt").get(0).asText())
        .isEqualTo(PROMPT + next(drawn, 4).get(0).response().text());
    assertThat(second.get("n").asInt()).isEqualTo(4);
  }

  @Test
  void onlyWhatIsSetIsSent() {
    CompletionsWorld world = new CompletionsWorld();
    DrawOptions options = new DrawOptions(0.7, 0.9, 50, 0.5, 0.25, List.of("z"), true);
    model(world, 1)
        .sampler(options, null)
        .sample(List.of(new DrawRequest(Hypothesis.root(), 1, SearchSettings.UNLIMITED)));
    JsonNode request = world.requests().get(0);
    assertThat(request.toString())
        .isEqualTo(
            "{\"model\":\"base\",\"prompt\":\"This movie was\",\"return_token_ids\":true,"
                + "\"temperature\":0.7,\"top_p\":0.9,\"top_k\":50,\"frequency_penalty\":0.5,"
                + "\"presence_penalty\":0.25,\"stop\":[\"z\"],\"logprobs\":1}");
  }

  /** Elsewhere equal prompts under one seed brought equal continuations. */
  @ParameterizedTest
  @EnumSource
  void noTwoRequestsHaveOneSeed(Temperament way) {
    CompletionsWorld world = new CompletionsWorld(way);
    CompletionsSampler sampler = sampler(model(world, 1), PLAIN);
    List<List<Candidate>> drawn = sampler.sample(first(16));
    sampler.sample(next(drawn, 4, 8, 4));
    List<Long> seeds = world.requests().stream().map(r -> r.get("seed").asLong()).toList();
    // One that was refused may come again in parts.
    Set<Long> distinct = new HashSet<>(seeds);
    assertThat(distinct).hasSameSizeAs(seeds).allMatch(seed -> seed >= 0);
  }

  @Test
  void theSameSeedBringsTheSameSearch() {
    List<List<List<Candidate>>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      CompletionsSampler sampler =
          sampler(model(new CompletionsWorld(Temperament.SHUFFLES), 4), PLAIN);
      List<List<Candidate>> drawn = sampler.sample(first(4));
      runs.add(Stream.concat(drawn.stream(), sampler.sample(next(drawn, 2, 3)).stream()).toList());
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
  }

  /** What a server was seen to refuse it is not asked for again. */
  @ParameterizedTest
  @ValueSource(strings = {"REFUSES_MORE_THAN_TWO", "REFUSES_LISTS", "IGNORES_N"})
  void whatIsRefusedIsRemembered(String way) {
    CompletionsWorld world = new CompletionsWorld(Temperament.valueOf(way));
    Served model = model(world, 1);
    CompletionsSampler sampler = sampler(model, PLAIN);
    List<List<Candidate>> drawn = sampler.sample(first(8));
    List<DrawRequest> requests = next(drawn, 8, 8, 8);
    sampler.sample(requests);
    int before = world.requests().size();
    assertContinues(requests, sampler(model, PLAIN).sample(requests));
    int expected = way.equals("REFUSES_LISTS") ? 3 : way.equals("IGNORES_N") ? 8 : 4;
    assertThat(world.requests().size() - before).isEqualTo(expected);
  }

  /** A prompt that is too long, say: nothing is learnt from it of how much a server takes. */
  @Test
  void whatIsRefusedHoweverSmallChangesNothing() {
    CompletionsWorld world = new CompletionsWorld();
    AtomicBoolean refusing = new AtomicBoolean(true);
    List<String> bodies = new ArrayList<>();
    Served model =
        model(
            body -> {
              bodies.add(body);
              CompletionsWorld.Answer answer = world.answer(body);
              return refusing.get()
                  ? new Reply(400, "", "{\"message\": \"too long\"}")
                  : new Reply(answer.status(), "", answer.body());
            });
    CompletionsSampler failing = sampler(model, PLAIN);
    assertThatThrownBy(() -> failing.sample(first(8)))
        .isInstanceOf(ServerException.class)
        .hasMessageEndingWith("status 400: too long");
    refusing.set(false);
    bodies.clear();
    sampler(model, PLAIN).sample(first(8));
    assertThat(bodies).singleElement().asString().contains("\"n\":8", "return_token_ids");
  }

  @Test
  void bothLimitsAreFound() {
    CompletionsWorld world =
        new CompletionsWorld(Temperament.REFUSES_MORE_THAN_TWO, Temperament.REFUSES_LISTS);
    Served model = model(world, 2);
    List<List<Candidate>> drawn = sampler(model, PLAIN).sample(first(7));
    List<DrawRequest> requests = next(drawn, 5, 5, 5);
    assertContinues(requests, sampler(model, PLAIN).sample(requests));
    assertThat(world.requests().subList(world.requests().size() - 3, world.requests().size()))
        .allMatch(request -> request.get("prompt").isTextual())
        .allMatch(request -> request.path("n").asInt(1) <= 2);
  }

  /** A server that tells its tokens is sent them, and no text that it would tokenize anew. */
  @Test
  void tokensAreContinuedAsTheyWereDrawn() {
    CompletionsWorld world = new CompletionsWorld(Temperament.TELLS_TOKENS);
    CompletionsSampler sampler = sampler(model(world, 1), PLAIN);
    List<List<Candidate>> drawn = sampler.sample(first(4));
    List<DrawRequest> requests = next(drawn, 2, 2);
    assertContinues(requests, sampler.sample(requests));
    JsonNode sent = world.requests().get(1).get("prompt").get(0);
    String text = requests.get(0).response().text();
    assertThat(sent).hasSize(PROMPT.length() + 5);
    assertThat(sent.get(0).intValue()).isEqualTo('T');
    assertThat(sent.get(PROMPT.length()).intValue()).isEqualTo(1000 + text.charAt(1));
  }

  @Test
  void aServerThatRefusesToTellIsNotAskedAgain() {
    CompletionsWorld world = new CompletionsWorld(Temperament.REFUSES_TOKENS);
    Served model = model(world, 1);
    List<List<Candidate>> drawn = sampler(model, PLAIN).sample(first(4));
    List<DrawRequest> requests = next(drawn, 2, 2);
    assertContinues(requests, sampler(model, PLAIN).sample(requests));
    assertThat(world.requests()).hasSize(3);
    assertThat(world.requests().stream().map(r -> r.has("return_token_ids")))
        .containsExactly(true, false, false);
    assertThat(model.fallbacks()).isOne();
  }

  @Test
  void logProbabilitiesAreAddedUp() {
    CompletionsSampler sampler =
        sampler(model(new CompletionsWorld(Temperament.LOGPROBS), 1), PLAIN);
    List<List<Candidate>> drawn = sampler.sample(first(4));
    List<List<Candidate>> more = sampler.sample(next(drawn, 2, 2));
    assertThat(Stream.concat(drawn.stream(), more.stream()).flatMap(List::stream))
        .allSatisfy(c -> assertThat(c.logProbability()).isEqualTo(-c.tokens()));
    List<List<Candidate>> unknown =
        sampler(model(new CompletionsWorld(), 1), PLAIN).sample(first(2));
    assertThat(unknown.get(0)).allSatisfy(c -> assertThat(c.logProbability()).isNaN());
  }

  @Test
  void usageIsSummed() {
    CompletionsWorld world = new CompletionsWorld(Temperament.LOGPROBS);
    CompletionsSampler sampler = sampler(model(world, 1), PLAIN);
    int tokens = sampler.sample(first(4)).get(0).stream().mapToInt(Candidate::tokens).sum();
    assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(1, tokens));
    assertThat(sampler.cost().tokens()).isEqualTo(tokens);
    CompletionsSampler silent =
        sampler(model(new CompletionsWorld(Temperament.NO_USAGE), 1), PLAIN);
    silent.sample(first(4));
    assertThat(silent.tokenUsage()).isNull();
  }

  @Test
  void whatAFilterTakesIsLeftOut() {
    CompletionsSampler sampler =
        sampler(model(new CompletionsWorld(Temperament.FILTERS), 1), PLAIN);
    List<Candidate> drawn = sampler.sample(first(64)).get(0);
    assertThat(drawn).hasSizeBetween(30, 63);
    assertThat(drawn).noneMatch(candidate -> candidate.text().matches(" [aeiou].*"));
  }

  /** The server sees each chunk alone; a stop string may lie across two. */
  @Test
  void stopStringsAreFoundAcrossChunks() {
    Transported transported = new Transported(" a b", " c d");
    DrawOptions options = new DrawOptions(null, null, null, null, null, List.of("b c"), false);
    CompletionsSampler sampler = transported.model().sampler(options, null);
    Candidate open = sampler.sample(first(1)).get(0).get(0);
    assertThat(open.text()).isEqualTo(" a ");
    assertThat(open.heldBack()).isEqualTo("b");
    Candidate ended = sampler.sample(next(List.of(List.of(open)), 1)).get(0).get(0);
    assertThat(ended.text()).isEqualTo(" a ");
    assertThat(ended.ended()).isTrue();
  }

  private static Candidate.Status status(String choice) {
    return sampler(model(body -> new Reply(200, "", "{\"choices\": [" + choice + "]}")), PLAIN)
        .sample(first(1))
        .get(0)
        .get(0)
        .status();
  }

  /** Where no end is told, there is none as long as there is text. */
  @Test
  void reasonsToStopAreReadAsServersGiveThem() {
    for (String end : List.of("stop", "eos_token", "stop_sequence")) {
      assertThat(status("{\"text\": \" a\", \"finish_reason\": \"" + end + "\"}"))
          .isEqualTo(Candidate.Status.ENDED);
    }
    for (String open : List.of("\"length\"", "\"abort\"", "null")) {
      assertThat(status("{\"text\": \" a\", \"finish_reason\": " + open + "}"))
          .isEqualTo(Candidate.Status.OPEN);
    }
    assertThat(status("{\"text\": \" a\"}")).isEqualTo(Candidate.Status.OPEN);
    assertThat(status("{\"text\": \"\"}")).isEqualTo(Candidate.Status.ENDED);
    assertThat(status("{\"text\": \"\", \"finish_reason\": \"length\"}"))
        .isEqualTo(Candidate.Status.OPEN);
  }

  /** Says what it is told to, one text after the other, each cut by the limit. */
  private static final class Transported {
    private final List<String> texts;
    private final List<String> bodies = new ArrayList<>();

    Transported(String... texts) {
      this.texts = List.of(texts);
    }

    Served model() {
      return CompletionsSamplerTest.model(
          body -> {
            bodies.add(body);
            return new Reply(
                200,
                "",
                "{\"choices\": [{\"text\": \"%s\", \"finish_reason\": \"length\"}]}"
                    .formatted(texts.get(bodies.size() - 1)));
          });
    }
  }

  private static Candidate only(CompletionsSampler sampler, Candidate from, int maxTokens) {
    DrawRequest request = new DrawRequest(new Hypothesis(1, 0, from, 0, 1), 1, maxTokens);
    List<Candidate> drawn = sampler.sample(List.of(request)).get(0);
    assertThat(drawn).hasSize(1);
    return drawn.get(0);
  }

  /** Its bytes are lost to the text, so it is drawn again, with as many tokens more. */
  @Test
  void tokensOfACharacterThatIsNotWholeAreAskedForOnTopAndCountOnce() {
    Transported transported =
        new Transported(" a\uFFFD", "\uFFFD", "\uFFFD\uFFFD", " b\uFFFD", "é");
    CompletionsSampler sampler = transported.model().sampler(PLAIN, null);
    Candidate first = only(sampler, Candidate.empty(), 5);
    assertThat(first).isEqualTo(new Candidate(" a", 5, Candidate.Status.OPEN));
    Candidate second = only(sampler, first, 5);
    assertThat(second).isEqualTo(new Candidate(" a", 10, Candidate.Status.OPEN));
    Candidate third = only(sampler, second, 5);
    assertThat(third).isEqualTo(new Candidate(" a", 15, Candidate.Status.OPEN));
    Candidate fourth = only(sampler, third, 5);
    assertThat(fourth).isEqualTo(new Candidate(" a b", 20, Candidate.Status.OPEN));
    assertThat(only(sampler, fourth, 5))
        .isEqualTo(new Candidate(" a bé", 25, Candidate.Status.OPEN));
    String begin = "{\"model\":\"base\",\"prompt\":\"" + PROMPT;
    String end = ",\"return_token_ids\":true}";
    assertThat(transported.bodies)
        .containsExactly(
            begin + "\",\"max_tokens\":5" + end,
            begin + " a\",\"max_tokens\":5" + end,
            begin + " a\",\"max_tokens\":10" + end,
            begin + " a\",\"max_tokens\":15" + end,
            begin + " a b\",\"max_tokens\":5" + end);
    assertThat(sampler.cost().tokens()).isEqualTo(5 + 5 + 10 + 15 + 5);
  }

  @Test
  void withoutALimitACharacterIsDrawnAgainWithoutOne() {
    Transported transported = new Transported("\uFFFD", "é b c d");
    CompletionsSampler sampler = transported.model().sampler(PLAIN, null);
    Candidate first = only(sampler, Candidate.empty(), SearchSettings.UNLIMITED);
    assertThat(first).isEqualTo(new Candidate("", 1, Candidate.Status.OPEN));
    // An estimate of two, one of which was drawn before.
    assertThat(only(sampler, first, SearchSettings.UNLIMITED))
        .isEqualTo(new Candidate("é b c d", 2, Candidate.Status.OPEN));
    assertThat(transported.bodies).hasSize(2).noneMatch(body -> body.contains("max_tokens"));
  }

  @Test
  void whatTheModelEndedWithinACharacterStaysAsItIs() {
    String ended = "{\"text\": \" a\uFFFD\", \"finish_reason\": \"stop\"}";
    Served served = model(body -> new Reply(200, "", "{\"choices\": [" + ended + "]}"));
    assertThat(only(sampler(served, PLAIN), Candidate.empty(), 5).text()).isEqualTo(" a\uFFFD");
  }

  /** Answers a body. */
  private interface Answering {
    Reply answer(String body) throws IOException;
  }

  private static Served model(Answering answering) {
    return model(answering, 1);
  }

  private static void assertFails(@Nullable String answer, int status, String message) {
    CompletionsSampler sampler =
        sampler(model(body -> new Reply(status, "", String.valueOf(answer))), PLAIN);
    assertThatThrownBy(() -> sampler.sample(first(4)))
        .isInstanceOf(ServerException.class)
        .hasMessageStartingWith("http://a/v1/completions gave ")
        .hasMessageContaining(message);
  }

  @Test
  void whatIsNoAnswerIsNamed() {
    assertFails("{}", 200, "an answer of no choices to 1 prompts with n = 4");
    assertFails("{\"choices\": []}", 200, "an answer of 0 choices");
    assertFails("{\"choices\": [{\"text\": 3}]}", 200, "a choice without text");
    assertFails("{\"choices\": [{}]}", 200, "a choice without text");
    assertFails(
        "{\"choices\": [{\"text\": \"\", \"index\": 0}, {\"text\": \"\", \"index\": 0}]}",
        200,
        "choice 1 has the index 0");
    assertFails(
        "{\"choices\": [{\"text\": \"\", \"index\": 0}, {\"text\": \"\", \"index\": 9}]}",
        200,
        "choice 1 has the index 9");
    assertFails("{\"error\": {\"message\": \"no such model\"}}", 404, "status 404: no such model");
    assertFails("{\"error\": {\"message\": \"never\"}}", 400, "status 400: never");
  }

  /** One choice at a time, and none any more after so many requests. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatCameBeforeAFailureStays(int answered) {
    CompletionsWorld world = new CompletionsWorld(Temperament.IGNORES_N);
    Served model =
        model(
            body ->
                world.requests().size() == answered
                    ? new Reply(500, "", "gone")
                    : new Reply(200, "", world.answer(body).body()));
    assertThat(sampler(model, PLAIN).sample(first(4)).get(0)).hasSize(answered);
  }
}
