// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.w2s.server.Transport.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is asked in JSON and answers in JSON. Safe for use by several threads. */
public final class JsonServer {
  private static final Logger LOG = LoggerFactory.getLogger(JsonServer.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int MOST_OF_A_MESSAGE = 300;

  private final ServerAddress address;
  private final Transport transport;
  private final RetryPolicy retries;
  private final Duration timeout;
  private final Pauses pauses;
  private final Deadline deadline;
  private final AtomicLong requests;

  /** Waits, for real or in a test. */
  public interface Pauses {
    /** Waits. */
    void pause(Duration duration) throws InterruptedException;
  }

  /**
   * Of an address.
   *
   * @param timeout of one request
   */
  public JsonServer(
      ServerAddress address,
      Transport transport,
      RetryPolicy retries,
      Duration timeout,
      Pauses pauses) {
    this(address, transport, retries, timeout, pauses, Deadline.never(), new AtomicLong());
  }

  private JsonServer(
      ServerAddress address,
      Transport transport,
      RetryPolicy retries,
      Duration timeout,
      Pauses pauses,
      Deadline deadline,
      AtomicLong requests) {
    this.address = address;
    this.transport = transport;
    this.retries = retries;
    this.timeout = timeout;
    this.pauses = pauses;
    this.deadline = deadline;
    this.requests = requests;
  }

  /** This server, asked for what is of use until then. */
  public JsonServer until(Deadline then) {
    return new JsonServer(address, transport, retries, timeout, pauses, then, requests);
  }

  /** Where it is. */
  public ServerAddress address() {
    return address;
  }

  /** Requests sent so far, those made again included. */
  public long requests() {
    return requests.get();
  }

  /**
   * Posts a request, again where its failure may pass.
   *
   * @return the answer of status 200 or the like
   * @throws ServerException if the server refuses it, or no attempt brought an answer
   * @throws CancellationException if the thread is interrupted
   */
  public JsonNode post(URI uri, JsonNode body) {
    String text = text(body);
    for (int attempt = 1; ; attempt++) {
      Failure failure;
      try {
        Duration left = deadline.within(timeout);
        if (left.isZero()) {
          throw new ServerException(
              uri + " was not asked: the time is over", ServerException.NO_ANSWER);
        }
        requests.incrementAndGet();
        Reply reply = transport.post(uri, headers(), text, left);
        if (reply.status() / 100 == 2) {
          JsonNode answer = read(reply.body());
          if (answer != null) {
            return answer;
          }
        }
        failure = refused(uri, reply);
      } catch (IOException e) {
        failure = new Failure(unreachable(uri, e), true, "");
      } catch (InterruptedException e) {
        throw interrupted();
      }
      Duration pause =
          retries.pauseAfter(
              attempt,
              failure.retryAfter(),
              Clock.systemUTC().instant(),
              ThreadLocalRandom.current());
      if (!failure.mayPass()
          || attempt == retries.attempts()
          || pause.compareTo(retries.longest()) > 0
          || pause.compareTo(deadline.within(pause)) > 0) {
        throw failure.exception();
      }
      LOG.debug(
          "attempt {} failed, another in {}: {}", attempt, pause, failure.exception().getMessage());
      waitFor(pause);
    }
  }

  /**
   * @param mayPass whether another attempt makes sense
   * @param retryAfter what the server asks to wait
   */
  private record Failure(ServerException exception, boolean mayPass, String retryAfter) {}

  private Failure refused(URI uri, Reply reply) {
    boolean unreadable = reply.status() / 100 == 2;
    String said = unreadable ? "an answer that is no JSON: " : "status " + reply.status() + ": ";
    ServerException exception =
        new ServerException(uri + " gave " + said + message(reply.body()), reply.status());
    return new Failure(
        exception, unreadable || RetryPolicy.mayPass(reply.status()), reply.retryAfter());
  }

  private static ServerException unreachable(URI uri, IOException cause) {
    String reason =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new ServerException(uri + " gave no answer: " + reason, cause);
  }

  private void waitFor(Duration pause) {
    try {
      pauses.pause(pause);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted while waiting for the server");
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json");
    headers.putAll(address.headers());
    if (address.apiKey() != null) {
      headers.put("Authorization", "Bearer " + address.apiKey());
    }
    return headers;
  }

  private static String text(JsonNode body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Null where it is no JSON. */
  private static @Nullable JsonNode read(String text) {
    try {
      JsonNode answer = JSON.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
      return answer == null || !answer.isContainerNode() ? null : answer;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** What a server says of a failure, in whichever of the usual places, on one line. */
  private static String message(String body) {
    JsonNode answer = read(body);
    String said = body;
    if (answer != null) {
      for (String place : new String[] {"/error/message", "/message", "/detail", "/error"}) {
        JsonNode message = answer.at(place);
        if (message.isTextual()) {
          said = message.asText();
          break;
        }
      }
    }
    String line = said.strip().replaceAll("\\s+", " ");
    return line.length() <= MOST_OF_A_MESSAGE ? line : line.substring(0, MOST_OF_A_MESSAGE) + "…";
  }
}
