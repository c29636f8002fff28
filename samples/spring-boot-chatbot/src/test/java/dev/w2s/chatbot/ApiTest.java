// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.w2s.chatbot.conversations.Conversations;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page asks for, without a page. */
class ApiTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String SEARCH =
      "\"guided\":true,\"weights\":{\"positive\":1},\"beamWidth\":2,\"successors\":2,\"chunkLength\":5";

  private static Chatbot chatbot;

  @BeforeAll
  static void start() {
    chatbot = Chatbot.start("chatbot.conversations=4", "chatbot.memory=5");
  }

  @AfterAll
  static void stop() {
    chatbot.close();
  }

  private static String asking(String conversation, String question, String more) {
    return "{\"conversation\":\"%s\",\"question\":\"%s\",\"seed\":3,%s}"
        .formatted(conversation, question, more);
  }

  private static HttpRequest request(String body) {
    return HttpRequest.newBuilder(URI.create(chatbot.url() + "api/answers"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return CLIENT.send(request(body), BodyHandlers.ofString());
  }

  /** An event's name and its data. */
  private record Told(String name, JsonNode data) {}

  private static List<Told> events(HttpResponse<String> response) throws IOException {
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    List<Told> events = new ArrayList<>();
    for (String event : response.body().strip().split("\n\n", -1)) {
      String[] lines = event.split("\n", -1);
      events.add(
          new Told(
              lines[0].substring("event:".length()),
              JSON.readTree(lines[1].substring("data:".length()))));
    }
    return events;
  }

  private static List<ChatMessage> memory(String conversation) {
    return chatbot.bean(Critic.class).getChatMemory(conversation).messages();
  }

  /**
   * Rounds make a tree, texts make the answer, and the answer is a hypothesis of the last round.
   */
  @Test
  void anAnswerIsToldWhileItIsMade() throws Exception {
    List<Told> events = events(post(asking("a", "How was {{it}}?", SEARCH)));
    StringBuilder text = new StringBuilder();
    List<Integer> known = new ArrayList<>(List.of(0));
    JsonNode last = null;
    int rounds = 0;
    for (Told event : events.subList(0, events.size() - 1)) {
      if (event.name().equals("text")) {
        text.append(event.data().get("text").asText());
      } else {
        assertThat(event.name()).isEqualTo("round");
        last = event.data();
        assertThat(last.get("number").intValue()).isEqualTo(++rounds);
        for (JsonNode node : last.get("candidates")) {
          assertThat(known).contains(node.get("parent").intValue());
          assertThat(node.get("score").isNumber()).isTrue();
        }
        last.get("candidates").forEach(node -> known.add(node.get("id").intValue()));
      }
    }
    JsonNode done = events.get(events.size() - 1).data();
    assertThat(done.get("text").asText()).isEqualTo(text.toString()).isNotBlank();
    assertThat(done.get("sampledTokens").longValue()).isPositive();
    assertThat(done.get("scoredTokens").longValue()).isPositive();
    boolean isThere = false;
    for (JsonNode node : last.get("candidates")) {
      isThere |= node.get("id").equals(done.get("best")) && node.get("kept").booleanValue();
    }
    assertThat(isThere).isTrue();
    assertThat(memory("a/guided"))
        .satisfiesExactly(
            asked -> assertThat(asked).isEqualTo(UserMessage.from("How was {{it}}?")),
            said -> assertThat(((AiMessage) said).text()).isEqualTo(done.get("text").asText()));
  }

  @Test
  void theModelAloneHasAConversationOfItsOwn() throws Exception {
    List<Told> events = events(post(asking("b", "How was it?", "\"guided\":false")));
    assertThat(events).extracting(Told::name).doesNotContain("round").endsWith("done");
    JsonNode done = events.get(events.size() - 1).data();
    assertThat(done.get("best").isNull()).isTrue();
    assertThat(done.get("calls").intValue()).isEqualTo(1);
    assertThat(memory("b/alone")).hasSize(2);
    assertThat(chatbot.bean(Critic.class).getChatMemory("b/guided")).isNull();

    HttpRequest forget =
        HttpRequest.newBuilder(URI.create(chatbot.url() + "api/conversations/b")).DELETE().build();
    assertThat(CLIENT.send(forget, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
    assertThat(chatbot.bean(Critic.class).getChatMemory("b/alone")).isNull();
  }

  /** A stopped answer is remembered as far as it came, so that turns go on in turn. */
  @Test
  void aClientThatGoesAwayEndsItsAnswer() throws Exception {
    String slow = SEARCH.replace("\"chunkLength\":5", "\"chunkLength\":1");
    CompletableFuture<HttpResponse<java.io.InputStream>> response =
        CLIENT.sendAsync(
            request(asking("c", "How was it?", slow.replace("Width\":2", "Width\":8"))),
            BodyHandlers.ofInputStream());
    assertThat(response.get().body().read()).isPositive();
    response.get().body().close();
    Browser.until(() -> isAnsweredAnew("c"));
    List<ChatMessage> messages = memory("c/guided");
    for (int i = 1; i < messages.size(); i++) {
      assertThat(messages.get(i).type()).isNotEqualTo(messages.get(i - 1).type());
    }
  }

  private static boolean isAnsweredAnew(String conversation) {
    try {
      HttpResponse<String> response = post(asking(conversation, "And now?", SEARCH));
      return response.statusCode() == 200;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void conversationsNotUsedForLongestAreForgotten() throws Exception {
    for (int i = 0; i < 6; i++) {
      post(asking("d" + i, "How was it?", "\"guided\":false"));
    }
    assertThat(chatbot.bean(Conversations.class).size()).isEqualTo(4);
    assertThat(chatbot.bean(Critic.class).getChatMemory("d0/alone")).isNull();
    assertThat(memory("d5/alone")).hasSize(2);
  }

  /** Nothing to steer by is the model alone. */
  @Test
  void weightsOfZeroLeaveTheGuidesOut() throws Exception {
    String none = SEARCH.replace("\"positive\":1", "\"positive\":0");
    List<Told> events = events(post(asking("e", "How was it?", none)));
    assertThat(events).extracting(Told::name).doesNotContain("round");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                        | not what the page sends
          []                                                       | not what the page sends
          {"question":"?"}                                         | conversation is missing
          {"conversation":"x","question":" "}                      | question is missing
          {"conversation":"x","question":"?","guided":true}        | beamWidth is 0; it must be from 1 to 8
          {"conversation":"x","question":"?","guided":true,"beamWidth":9,"successors":1,"chunkLength":1} | beamWidth is 9
          {"conversation":"x","question":"?","weights":{"positive":11}} | weights.positive is 11.0
          {"conversation":"x","question":"?","weights":{"positive":null}} | weights.positive is null
          {"conversation":"x","question":"?","guided":true,"beamWidth":2,"successors":2,"chunkLength":5,"weights":{"unknown":1}} | guides name 'unknown'
          {"conversation":"x","question":"?","words":{"wanted":"a","opposite":""}} | words.opposite is missing
          {"conversation":"x","question":"?","guided":true,"beamWidth":2,"successors":2,"chunkLength":5,"words":{"wanted":"a","opposite":"a","weight":1}} | not the same
          """)
  void whatIsWrongIsNamed(String body, String says) throws Exception {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(response.body()).get("message").asText()).contains(says);
  }

  @Test
  void aQuestionThatIsTooLong() throws Exception {
    HttpResponse<String> response = post(asking("x", "w".repeat(301), SEARCH));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("question has 301 characters; it may have 300");
  }
}
