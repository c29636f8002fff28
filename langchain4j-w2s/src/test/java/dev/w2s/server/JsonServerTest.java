// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.w2s.server.Transport.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a server's answers; the network is another's matter. */
class JsonServerTest {
  private static final URI PLACE = URI.create("http://a/v1/completions");
  private static final JsonNode BODY = JsonNodeFactory.instance.objectNode().put("n", 2);

  /** What a scripted server does with one request. */
  private interface Behaviour {
    Reply answer() throws IOException, InterruptedException;
  }

  private final Deque<Behaviour> behaviours = new ArrayDeque<>();
  private final List<String> sent = new ArrayList<>();
  private final List<Map<String, String>> headers = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final JsonServer server = server("secret");

  private JsonServer server(String key) {
    return new JsonServer(
        new ServerAddress("http://a/v1", key, Map.of("X-Team", "w2s")),
        (uri, head, body, timeout) -> {
          assertThat(uri).isEqualTo(PLACE);
          assertThat(timeout).isEqualTo(Duration.ofSeconds(7));
          sent.add(body);
          headers.add(head);
          return behaviours.remove().answer();
        },
        new RetryPolicy(3, Duration.ofMillis(100), Duration.ofSeconds(2)),
        Duration.ofSeconds(7),
        pauses::add);
  }

  private static Behaviour status(int status, String body) {
    return status(status, "", body);
  }

  private static Behaviour status(int status, String retryAfter, String body) {
    return () -> new Reply(status, retryAfter, body);
  }

  private static final Behaviour CUT =
      () -> {
        throw new IOException("connection reset");
      };

  private void assertFails(int attempts, String message) {
    assertThatThrownBy(() -> server.post(PLACE, BODY))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith(PLACE.toString());
    assertThat(sent).hasSize(attempts);
    assertThat(server.requests()).isEqualTo(attempts);
  }

  @Test
  void sendsTheBodyTheKeyAndTheHeaders() {
    behaviours.add(status(200, "{\"ok\": true}"));
    assertThat(server.post(PLACE, BODY).get("ok").asBoolean()).isTrue();
    assertThat(sent).containsExactly("{\"n\":2}");
    assertThat(headers.get(0))
        .containsEntry("Authorization", "Bearer secret")
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Team", "w2s");
  }

  @Test
  void withoutKeyNoneIsSent() {
    behaviours.add(status(200, "{}"));
    server(null).post(PLACE, BODY);
    assertThat(headers.get(0)).doesNotContainKey("Authorization");
  }

  @Test
  void aByteOrderMarkAndAListAreFine() {
    behaviours.add(status(201, "\uFEFF[1]"));
    assertThat(server.post(PLACE, BODY).get(0).asInt()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void whatMayPassIsTriedAgain(int status) {
    behaviours.add(status(status, "busy"));
    behaviours.add(CUT);
    behaviours.add(status(200, "{\"ok\": 1}"));
    assertThat(server.post(PLACE, BODY).get("ok").asInt()).isOne();
    assertThat(server.requests()).isEqualTo(3);
    assertThat(pauses).hasSize(2);
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
    assertThat(pauses.get(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(300));
  }

  @Test
  void retryAfterIsKept() {
    behaviours.add(status(429, "2", "{}"));
    behaviours.add(status(200, "{}"));
    server.post(PLACE, BODY);
    assertThat(pauses).containsExactly(Duration.ofSeconds(2));
  }

  @Test
  void aServerThatWantsAMinuteIsNotWaitedFor() {
    behaviours.add(status(429, "60", "{\"error\": {\"message\": \"slow\\ndown\"}}"));
    assertFails(1, "gave status 429: slow down");
    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, '{\"error\": {\"message\": \"no n\"}}', no n",
    "401, '{\"error\": \"no key\"}', no key",
    "404, '{\"message\": \"no model\"}', no model",
    "422, '{\"detail\": \"no body\"}', no body",
    "403, '<html>forbidden</html>', <html>forbidden</html>",
    "301, '', 'gave status 301: '",
    "400, '{\"error\": 3}', '{\"error\": 3}'",
  })
  void aRefusalIsFinalAndSaysWhy(int status, String body, String said) {
    behaviours.add(status(status, body));
    assertFails(1, said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{\"cut\": ", "3", "null", "\"text\""})
  void anAnswerThatIsNoJsonIsTriedAgain(String body) {
    for (int i = 0; i < 3; i++) {
      behaviours.add(status(200, body));
    }
    assertFails(3, "gave an answer that is no JSON: ");
  }

  @Test
  void aServerThatIsNotThereIsGivenUp() {
    for (int i = 0; i < 3; i++) {
      behaviours.add(CUT);
    }
    assertThatThrownBy(() -> server.post(PLACE, BODY))
        .hasMessage("http://a/v1/completions gave no answer: connection reset")
        .hasCauseInstanceOf(IOException.class)
        .satisfies(e -> assertThat(((ServerException) e).status()).isZero());
  }

  @Test
  void longMessagesAreCut() {
    behaviours.add(status(400, "x".repeat(5000)));
    assertThatThrownBy(() -> server.post(PLACE, BODY))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).endsWith("x…"));
  }

  @Test
  void anInterruptCancelsAndStays() {
    behaviours.add(
        () -> {
          throw new InterruptedException();
        });
    assertThatThrownBy(() -> server.post(PLACE, BODY)).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private JsonServer refusing(Deadline deadline) {
    return new JsonServer(
            new ServerAddress("http://a/v1"),
            (uri, head, body, timeout) -> {
              assertThat(timeout).isLessThanOrEqualTo(Duration.ofSeconds(20));
              sent.add(body);
              return new Reply(503, "", "busy");
            },
            new RetryPolicy(3, Duration.ofSeconds(60), Duration.ofSeconds(60)),
            Duration.ofSeconds(60),
            pauses::add)
        .until(deadline);
  }

  /** A pause of half a minute at least would come after it. */
  @Test
  void noPauseGoesBeyondTheDeadline() {
    JsonServer hurried = refusing(Deadline.in(Duration.ofSeconds(20)));
    assertThatThrownBy(() -> hurried.post(PLACE, BODY)).hasMessageContaining("status 503: busy");
    assertThat(sent).hasSize(1);
    assertThat(pauses).isEmpty();
  }

  @Test
  void behindTheDeadlineNobodyIsAsked() {
    JsonServer late = refusing(Deadline.in(Duration.ZERO));
    assertThatThrownBy(() -> late.post(PLACE, BODY))
        .isInstanceOf(ServerException.class)
        .hasMessage(PLACE + " was not asked: the time is over");
    assertThat(sent).isEmpty();
    assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Deadline.never());
  }
}
