// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.RemoteModel;
import dev.w2s.guidance.RemotePair;
import dev.w2s.model.CausalModel;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.testkit.StreamedChat;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway as it starts without any setting: on the embedded models. */
class EmbeddedGatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXT = "/v1/completions";
  private static final String QUESTION =
      "\"messages\": [{\"role\": \"user\", \"content\": \"How was the movie?\"}]";

  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "gateway.models[kind].guides.positive=2",
            "gateway.models[kind].beam-width=2",
            "gateway.models[kind].successors=2",
            "gateway.limits.tokens=64");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String chat(String model, String more) {
    return "{\"model\": \"%s\", %s%s}".formatted(model, QUESTION, more);
  }

  private static String text(String model, String more) {
    return "{\"model\": \"%s\"%s}".formatted(model, more);
  }

  @Test
  void modelsAreTheBaseItsGuidesAndWhatIsConfigured() throws Exception {
    JsonNode list = Gateway.json(gateway.get("/v1/models").body());
    assertThat(list.get("data").findValuesAsText("id"))
        .containsExactly("movie-reviews", "movie-reviews+positive", "kind");
    JsonNode one = Gateway.json(gateway.get("/v1/models/kind").body());
    assertThat(one.at("/w2s/weights/positive").doubleValue()).isEqualTo(2);
    assertThat(gateway.get("/v1/models/none").statusCode()).isEqualTo(404);
  }

  /** The same seed and request give the same text, whole or streamed. */
  @Test
  void aStreamHasTheWholeAnswersTextRoleReasonAndUsage() throws Exception {
    String request = ", \"max_tokens\": 20, \"seed\": 3";
    JsonNode whole = gateway.ask(CHAT, chat("movie-reviews+positive", request));
    List<String> events =
        gateway.events(
            CHAT,
            chat(
                "movie-reviews+positive",
                request + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));

    assertThat(whole.at("/object").asText()).isEqualTo("chat.completion");
    assertThat(whole.at("/choices/0/message/role").asText()).isEqualTo("assistant");
    String text = whole.at("/choices/0/message/content").asText();
    assertThat(text).isNotBlank();
    assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
    StringBuilder streamed = new StringBuilder();
    for (String event : events.subList(0, events.size() - 1)) {
      JsonNode json = Gateway.json(event);
      assertThat(json.at("/object").asText()).isEqualTo("chat.completion.chunk");
      assertThat(json.at("/id").asText()).isEqualTo(Gateway.json(events.get(0)).at("/id").asText());
      streamed.append(json.at("/choices/0/delta/content").asText());
    }
    assertThat(streamed.toString()).isEqualTo(text);
    assertThat(Gateway.json(events.get(0)).at("/choices/0/delta/role").asText())
        .isEqualTo("assistant");
    JsonNode last = Gateway.json(events.get(events.size() - 3));
    assertThat(last.at("/choices/0/finish_reason")).isEqualTo(whole.at("/choices/0/finish_reason"));
    JsonNode usage = Gateway.json(events.get(events.size() - 2));
    assertThat(usage.get("choices")).isEmpty();
    assertThat(usage.get("usage")).isEqualTo(whole.get("usage"));
    assertThat(whole.at("/usage/total_tokens").intValue())
        .isEqualTo(
            whole.at("/usage/prompt_tokens").intValue()
                + whole.at("/usage/completion_tokens").intValue());
    // What was drawn is billed, not what was kept.
    assertThat(whole.at("/usage/completion_tokens").longValue())
        .isEqualTo(whole.at("/choices/0/w2s/sampled_tokens").longValue())
        .isGreaterThan(100);
  }

  @Test
  void theUsageComesOnlyWhereItIsAskedFor() throws Exception {
    List<String> events =
        gateway.events(CHAT, chat("movie-reviews", ", \"max_tokens\": 3, \"stream\": true"));
    assertThat(events).noneMatch(event -> event.contains("\"usage\""));
  }

  @Test
  void theGuideMakesAnswersKinder() throws Exception {
    String prompts = "\"This movie was\", \"The acting is\", \"I saw this film and\"";
    String request =
        ", \"prompt\": [%s], \"n\": 2, \"max_tokens\": 20, \"seed\": 1".formatted(prompts);
    JsonNode alone = gateway.ask(TEXT, text("movie-reviews", request));
    JsonNode guided = gateway.ask(TEXT, text("movie-reviews+positive", request));
    assertThat(alone.get("choices")).hasSize(6);
    assertThat(alone.get("choices").findValuesAsText("index"))
        .containsExactly("0", "1", "2", "3", "4", "5");
    double kinder = logRatio(guided) - logRatio(alone);
    assertThat(kinder).isGreaterThan(6); // nats, summed over six texts
  }

  /** As the pair itself has it, which here is asked over all of the answers' texts. */
  private static double logRatio(JsonNode answer) throws IOException {
    List<String> prompts = List.of("This movie was", "The acting is", "I saw this film and");
    double sum = 0;
    try (GuidancePair pair =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      for (int i = 0; i < 6; i++) {
        try (CandidateScorer scorer = pair.open(Prompt.of(prompts.get(i / 2)))) {
          String text = answer.at("/choices/" + i + "/text").asText();
          sum += scorer.score(List.of(new Candidate(text, 20, Candidate.Status.OPEN)))[0];
        }
      }
    }
    return sum;
  }

  @Test
  void aRequestSaysMoreOfItsGuidanceAndGetsItsTrace() throws Exception {
    JsonNode answer =
        gateway.ask(
            CHAT,
            chat(
                "movie-reviews",
                ", \"max_tokens\": 12, \"w2s\": {\"weights\": {\"positive\": 1.5}, \"beam_width\": 2,"
                    + " \"successors\": 3, \"chunk_length\": 4, \"guard\": true, \"trace\": true}"));
    JsonNode search = answer.at("/choices/0/w2s");
    assertThat(search.get("score").isNumber()).isTrue();
    JsonNode trace = search.get("trace");
    assertThat(trace.size()).isEqualTo(search.get("rounds").intValue()).isLessThanOrEqualTo(3);
    JsonNode first = trace.get(0).get("candidates");
    assertThat(sum(first, "draws")).isEqualTo(6);
    assertThat(first.findValuesAsText("kept").stream().filter("true"::equals)).hasSize(2);
    assertThat(first.findValuesAsText("parent")).containsOnly("0");
    for (JsonNode candidate : first) {
      assertThat(candidate.get("tokens").intValue()).isBetween(1, 4);
    }
  }

  private static int sum(JsonNode list, String field) {
    return list.findValues(field).stream().mapToInt(JsonNode::intValue).sum();
  }

  /** One entry a token sent, BOS included, the first null, the text without special tokens. */
  @Test
  void anEchoTellsTheLogProbabilityOfEachToken() throws Exception {
    try (CausalModel model = CausalModel.load("embedded:movie-reviews/base")) {
      TokenIds ids = model.tokenizer().encode("This café was", true);
      JsonNode answer =
          gateway.ask(
              TEXT,
              text(
                  "movie-reviews",
                  ", \"prompt\": [\"This café was\", \"Bad\"], \"echo\": true, \"logprobs\": 0, \"max_tokens\": 0"));
      JsonNode choice = answer.at("/choices/0");
      assertThat(choice.get("text").asText()).isEqualTo("This café was");
      assertThat(choice.get("finish_reason").asText()).isEqualTo("length");
      JsonNode nats = choice.at("/logprobs/token_logprobs");
      assertThat(nats).hasSize(ids.size());
      assertThat(nats.get(0).isNull()).isTrue();
      double[] expected = model.logProbabilities(List.of(ids)).get(0);
      for (int i = 1; i < expected.length; i++) {
        assertThat(nats.get(i).doubleValue()).isCloseTo(expected[i], within(1e-4));
      }
      List<String> tokens = new ArrayList<>();
      choice.at("/logprobs/tokens").forEach(token -> tokens.add(token.asText()));
      assertThat(String.join("", tokens)).isEqualTo("This café was");
      assertThat(tokens.get(0)).isEmpty();
      assertThat(choice.at("/logprobs/text_offset/1").intValue()).isZero();
      assertThat(choice.at("/logprobs/text_offset/2").intValue()).isEqualTo(4);
      assertThat(answer.at("/choices/1/text").asText()).isEqualTo("Bad");

      JsonNode more =
          gateway.ask(
              TEXT,
              text(
                  "movie-reviews",
                  ", \"prompt\": %s, \"echo\": true, \"logprobs\": 0, \"max_tokens\": 5"
                      .formatted(ids.toList())));
      assertThat(more.at("/choices/0/text").asText())
          .startsWith("This café was")
          .hasSizeGreaterThan(14);
      assertThat(more.at("/choices/0/logprobs/token_logprobs").size()).isGreaterThan(ids.size());
    }
  }

  /** As a harness for evaluation reads it: is what follows what the model itself would say? */
  @Test
  void anEchoTellsWhatTheModelWouldRatherSay() throws Exception {
    // What transformers draws without chance after these words.
    String greedy = " a great surprise. I was very disappointed with the movie.";
    JsonNode answer =
        gateway.ask(
            TEXT,
            text(
                "movie-reviews",
                ", \"prompt\": \"This movie was%s\", \"echo\": true, \"logprobs\": 1, \"max_tokens\": 0"
                    .formatted(greedy)));
    JsonNode logprobs = answer.at("/choices/0/logprobs");
    JsonNode tokens = logprobs.get("tokens");
    JsonNode likeliest = logprobs.get("top_logprobs");
    assertThat(likeliest).hasSameSizeAs(tokens);
    assertThat(likeliest.get(0).isNull()).isTrue();
    for (int i = 1; i < tokens.size(); i++) {
      JsonNode there = likeliest.get(i);
      double own = there.get(tokens.get(i).asText()).doubleValue();
      assertThat(own).isEqualTo(logprobs.at("/token_logprobs/" + i).doubleValue());
      boolean isInTheAnswer = i >= 4;
      assertThat(there.size()).as("token %d", i).isBetween(1, isInTheAnswer ? 1 : 2);
    }
  }

  @Test
  void aStreamOfCompletionsEndsWithItsUsage() throws Exception {
    List<String> events =
        gateway.events(
            TEXT,
            text(
                "movie-reviews",
                ", \"prompt\": [\"It\", \"We\"], \"max_tokens\": 3, \"stream\": true,"
                    + " \"stream_options\": {\"include_usage\": true}"));
    JsonNode usage = Gateway.json(events.get(events.size() - 2));
    assertThat(usage.get("object").asText()).isEqualTo("text_completion");
    assertThat(usage.get("choices")).isEmpty();
    assertThat(usage.at("/usage/completion_tokens").intValue()).isEqualTo(6);
    HttpResponse<String> stream =
        gateway.post(CHAT, chat("movie-reviews", ", \"max_tokens\": 1, \"stream\": true"));
    assertThat(stream.headers().firstValue("Content-Type"))
        .hasValue("text/event-stream;charset=UTF-8");
  }

  /** What the library asks of a server that holds a pair's model, it gets. */
  @Test
  void aPairMayStandBehindTheGateway() {
    try (TokenizerDirectory tokenizer = TokenizerDirectory.open("embedded:movie-reviews/base");
        CausalModel untuned = CausalModel.load("embedded:movie-reviews/untuned")) {
      RemoteModel remote =
          RemoteModel.builder().baseUrl(gateway.url()).modelName("movie-reviews").build();
      RemotePair pair =
          RemotePair.builder()
              .tuned(remote, PromptOptions.defaults())
              .untuned(untuned, PromptOptions.defaults())
              .tokenizer(tokenizer)
              .connect();
      GuidancePair local =
          GuidancePair.load("embedded:movie-reviews/base", "embedded:movie-reviews/untuned");
      List<Candidate> candidates =
          List.of(
              new Candidate(" a great film", 3, Candidate.Status.OPEN),
              new Candidate(" bad", 1, Candidate.Status.ENDED));
      try (local;
          CandidateScorer there = pair.open(Prompt.of("This movie was"));
          CandidateScorer here = local.open(Prompt.of("This movie was"))) {
        assertThat(there.score(candidates)).containsExactly(here.score(candidates), within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model": "movie-reviews"}                                        | messages      | at least one message
          {"model": "movie-reviews", "messages": []}                        | messages      | at least one message
          {"messages": [{"role": "user", "content": "?"}]}                  | model         | You must provide
          {"model": 3, "messages": [{"role": "user", "content": "?"}]}      | model         | must be a string
          {"model": "movie-reviews", "messages": [{"role": "bot", "content": "?"}]} | messages[0].role | 'bot'
          {"model": "movie-reviews", "messages": [{"role": "user"}]}        | messages[0].content | not blank
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?", "mood": 1}]} | messages[0].mood | Unrecognized
          {"model": "movie-reviews", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]} | messages | images
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "tools": [{}]} | messages | tools
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "temperature": 3} | temperature | from 0.0 to 2.0
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "temperature": "hot"} | temperature | number
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "max_tokens": 65} | max_tokens | from 1 to 64
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "max_tokens": 1.5} | max_tokens | whole number
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "n": 99} | n | from 1 to 16
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "logit_bias": {"1": 2}} | logit_bias | not supported
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "frequency_penalty": 1} | frequency_penalty | not supported
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "logprobs": true} | logprobs | not supported
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "stream_options": {"include_usage": true}} | stream_options | only allowed
          {"model": "movie-reviews", "messages": [{"role": "user", "content": "?"}], "wishes": 1} | wishes | Unrecognized
          {"model": "movie-reviews+positive", "messages": [{"role": "user", "content": "?"}], "w2s": {"beamWidth": 4}} | w2s.beamWidth | Unrecognized
          {"model": "movie-reviews+positive", "messages": [{"role": "user", "content": "?"}], "w2s": {"beam_width": 0}} | w2s.beam_width | from 1
          {"model": "movie-reviews+positive", "messages": [{"role": "user", "content": "?"}], "w2s": {"beam_width": 64, "successors": 2}} | w2s | more than the 64
          {"model": "movie-reviews+positive", "messages": [{"role": "user", "content": "?"}], "w2s": {"beam_width": 1, "successors": 1}} | w2s | nothing to choose
          {"model": "movie-reviews+positive", "messages": [{"role": "user", "content": "?"}], "w2s": {"weights": {"kinder": 1}}} | w2s.weights | no guide 'kinder'
          {"model": "movie-reviews+positive", "messages": [{"role": "user", "content": "?"}], "w2s": {"guard": "yes"}} | w2s.guard | true, false
          """)
  void whatIsWrongIsNamed(String body, String param, String says) throws Exception {
    JsonNode error = gateway.error(400, CHAT, body);
    assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("message").asText()).contains(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model": "movie-reviews"}                                                | prompt     | must provide
          {"model": "movie-reviews", "prompt": ""}                                  | prompt     | none of them empty
          {"model": "movie-reviews", "prompt": [1, -1]}                             | prompt     | token ids
          {"model": "movie-reviews", "prompt": [99999999], "echo": true, "max_tokens": 0, "logprobs": 0} | prompt | Token 99999999
          {"model": "movie-reviews", "prompt": "a", "logprobs": 0}                  | logprobs   | 'echo'
          {"model": "movie-reviews", "prompt": "a", "logprobs": 6, "echo": true}    | logprobs   | from 0 to 5
          {"model": "movie-reviews", "prompt": "a", "max_tokens": 0}                | max_tokens | 'echo'
          {"model": "movie-reviews", "prompt": "a", "suffix": "b"}                  | suffix     | not supported
          {"model": "movie-reviews", "prompt": ["a", "b", "c"], "n": 6}             | prompt     | 16 choices
          """)
  void whatIsWrongInACompletionIsNamed(String body, String param, String says) throws Exception {
    JsonNode error = gateway.error(400, TEXT, body);
    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("message").asText()).contains(says);
  }

  @Test
  void bodiesThatAreNoRequest() throws Exception {
    for (String body :
        List.of("", "{", "[]", "\"text\"", "{\"model\": \"a\", \"model\": \"b\"}", "{} {}")) {
      assertThat(gateway.error(400, CHAT, body).get("message").asText()).isNotBlank();
    }
    String large = "{\"model\": \"" + "x".repeat(1 << 21) + "\"}";
    assertThat(gateway.error(413, CHAT, large).get("message").asText()).contains("1048576 bytes");
    String tooLong = "{\"model\": \"movie-reviews\", \"prompt\": \"" + "word ".repeat(3000) + "\"}";
    assertThat(gateway.error(400, TEXT, tooLong).get("code").asText())
        .isEqualTo("context_length_exceeded");
    assertThat(gateway.error(404, CHAT, chat("movie-reviews+unknown", "")).get("code").asText())
        .isEqualTo("model_not_found");
    assertThat(Gateway.json(gateway.get("/v1/chat").body()).at("/error/code").asText())
        .isEqualTo("unknown_url");
  }

  @Test
  void langChain4jsOwnClientTalksToIt() throws Exception {
    OpenAiChatModel model =
        OpenAiChatModel.builder()
            .baseUrl(gateway.url())
            .apiKey("none")
            .modelName("kind")
            .maxTokens(10)
            .customParameters(Map.of("w2s", Map.of("beam_width", 3)))
            .build();
    ChatResponse answer =
        model.chat(ChatRequest.builder().messages(UserMessage.from("How was it?")).build());
    assertThat(answer.aiMessage().text()).isNotBlank();
    assertThat(answer.finishReason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
    assertThat(answer.tokenUsage().outputTokenCount()).isGreaterThan(10);

    OpenAiStreamingChatModel streaming =
        OpenAiStreamingChatModel.builder()
            .baseUrl(gateway.url())
            .apiKey("none")
            .modelName("movie-reviews")
            .maxTokens(10)
            .build();
    StreamedChat streamed = new StreamedChat();
    streaming.chat("How was it?", streamed);
    assertThat(streamed.await().aiMessage().text()).isEqualTo(streamed.text()).isNotBlank();
  }

  @Test
  void healthAndMetrics() throws Exception {
    gateway.ask(CHAT, chat("kind", ", \"max_tokens\": 4"));
    assertThat(Gateway.json(gateway.get("/health").body()).get("status").asText()).isEqualTo("UP");
    assertThat(gateway.get("/health/readiness").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/metrics").body())
        .contains("gateway_answers_active 0.0")
        .contains("w2s_calls_total{served=\"kind\"}");
  }
}
