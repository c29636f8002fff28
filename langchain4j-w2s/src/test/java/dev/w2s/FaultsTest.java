// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.LangChain4jException;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Guide;
import dev.w2s.model.OpenNatives;
import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.search.Budget;
import dev.w2s.search.Cancellation;
import dev.w2s.search.PositionsExhaustedException;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.StopReason;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.Transport;
import dev.w2s.testkit.CompletionsWorld;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Searches in a world where everything fails now and then: the network, the server, the guide, and
 * the caller who has seen enough.
 */
class FaultsTest {
  private static final int SEARCHES = 10_000;
  private static final int AT_A_TIME = 16;
  private static final int CONCURRENCY = 4;

  /** One search in so many is guided by a local pair besides, for the native memory. */
  private static final int LOCAL = 50;

  /** What may happen to a request. */
  private enum Fault {
    CUT,
    TIMEOUT,
    BUSY,
    BROKEN,
    REFUSED,
    NO_JSON,
    HALF_AN_ANSWER,
    NO_CHOICES
  }

  /** A fault of the guide. */
  private static final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final AtomicInteger inside = new AtomicInteger();
  private final CompletionsWorld world = new CompletionsWorld();

  /** Every search has a rate of faults of its own, by the number in its prompt. */
  private static int percent(int search) {
    return new int[] {0, 2, 10, 40}[search % 4];
  }

  private static int number(String text) {
    return Integer.parseInt(text.replaceAll("(?s).*?search (\\d+):.*", "$1"));
  }

  private Transport.Reply answer(String body, int attempt) throws IOException {
    int search = number(body);
    SplittableRandom random = new SplittableRandom(31L * body.hashCode() + attempt);
    if (random.nextInt(100) >= percent(search)) {
      return new Transport.Reply(200, "", world.answer(body).body());
    }
    String whole = world.answer(body).body();
    return switch (Fault.values()[random.nextInt(Fault.values().length)]) {
      case CUT -> throw new IOException("connection reset");
      case TIMEOUT -> throw new HttpTimeoutException("no whole answer");
      case BUSY -> new Transport.Reply(429, random.nextBoolean() ? "0" : "", "slow down");
      case BROKEN -> new Transport.Reply(500, "", "{\"error\": {\"message\": \"engine\"}}");
      case REFUSED -> new Transport.Reply(400, "", "{\"error\": \"no\"}");
      case NO_JSON -> new Transport.Reply(200, "", "<html>gateway</html>");
      case HALF_AN_ANSWER -> new Transport.Reply(200, "", whole.substring(0, whole.length() / 2));
      case NO_CHOICES -> new Transport.Reply(200, "", "{\"choices\": []}");
    };
  }

  private OpenAiCompatible model(AtomicInteger attempts) {
    return OpenAiCompatible.builder()
        .baseUrl("http://a/v1")
        .modelName("base")
        .concurrency(CONCURRENCY)
        .retries(new RetryPolicy(3, Duration.ZERO, Duration.ofMillis(1)))
        .transport(
            (uri, headers, body, timeout) -> {
              inside.incrementAndGet();
              try {
                Thread.sleep(0); // where an interrupt is seen
                return answer(body, attempts.getAndIncrement());
              } finally {
                inside.decrementAndGet();
              }
            })
        .build();
  }

  private static Guide guide(int search) {
    AtomicInteger asked = new AtomicInteger();
    return Guide.of(
        (prompt, text) -> {
          int rate = percent(search) / 4;
          SplittableRandom random = new SplittableRandom(search * 7919L + asked.getAndIncrement());
          if (random.nextInt(100) < rate) {
            if (random.nextInt(8) == 0) {
              throw new Injected();
            }
            return Double.NaN;
          }
          return text.length();
        });
  }

  private static SearchResult search(OpenAiCompatible model, GuidancePair pair, int search) {
    Cancellation cancellation = new Cancellation();
    SearchListener impatient =
        round -> {
          if (search % 11 == 0 && round.number() == 1 + search % 3) {
            cancellation.cancel();
          }
        };
    Budget budget =
        search % 13 == 0
            ? Budget.none().withTime(Duration.ofMillis(1 + search % 5))
            : Budget.none();
    WeakToStrongLanguageModel.Builder builder = WeakToStrongLanguageModel.builder();
    if (search % LOCAL == 0) {
      builder.pair(pair);
    }
    return builder
        .largeModel(model)
        .guide("length", guide(search), 1)
        .beamWidth(2)
        .successors(2)
        .chunkLength(3)
        .maxTokens(12)
        .seed((long) search)
        .budget(budget)
        .build()
        .search(Prompt.of("search " + search + ":"), impatient, cancellation);
  }

  @Test
  void everySearchEndsWithTheBestSoFarOrANamedError() throws InterruptedException {
    OpenNatives before = OpenNatives.onCpu();
    try (GuidancePair pair =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      searchAll(pair);
    }
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("w2s-sampling"))
        .count();
  }

  private void searchAll(GuidancePair pair) throws InterruptedException {
    long threadsBefore = threads();
    OpenAiCompatible model = model(new AtomicInteger());
    ExecutorService callers = Executors.newFixedThreadPool(AT_A_TIME);
    List<Future<SearchResult>> searches = new ArrayList<>();
    for (int i = 0; i < SEARCHES; i++) {
      int number = i;
      searches.add(callers.submit(() -> search(model, pair, number)));
    }
    Map<StopReason, Integer> ends = new EnumMap<>(StopReason.class);
    int errors = 0;
    for (int i = 0; i < SEARCHES; i++) {
      try {
        SearchResult result = searches.get(i).get(60, TimeUnit.SECONDS);
        assertThat(result.best().candidate().text()).as("search %d", i).isNotNull();
        ends.merge(result.stopReason(), 1, Integer::sum);
      } catch (ExecutionException e) {
        errors++;
        assertThat(percent(i) > 0 || i % 11 == 0 || i % 13 == 0).as("search %d: %s", i, e).isTrue();
        assertThat(e.getCause())
            .as("search %d", i)
            .isInstanceOfAny(
                LangChain4jException.class,
                PositionsExhaustedException.class, // the guide could score none
                Injected.class,
                CancellationException.class);
        assertThat(e.getCause().getMessage() != null || e.getCause() instanceof Injected).isTrue();
      } catch (TimeoutException e) {
        throw new AssertionError("search " + i + " hangs", e);
      }
    }
    callers.shutdown();
    assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    // Faults were many, and most searches came to something all the same.
    assertThat(errors).isBetween(1, SEARCHES / 4);
    assertThat(ends.getOrDefault(StopReason.FAILED, 0)).isPositive();
    assertThat(ends.getOrDefault(StopReason.CANCELLED, 0)).isPositive();
    assertThat(inside).hasValue(0);
    assertThat(threads()).isLessThanOrEqualTo(threadsBefore + CONCURRENCY);
  }
}
