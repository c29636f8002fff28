// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.gateway.models.ServedModels;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.search.Budget;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.Guard;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchSettings;
import dev.w2s.spring.properties.W2sProperties;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * What the gateway adds to a search: the same one, in the same process and in turns, called in Java
 * and asked for over HTTP. A whole answer is measured from question to answer, a piece from the end
 * of the scoring that chose it to its reader. {@code samples/gateway/cost} runs it; its argument is
 * the number of rounds.
 */
final class GatewayCost {
  private static final String QUESTION = "How was the movie?";
  private static final String STAMPING = "stamping";
  private static final Pattern SECONDS =
      Pattern.compile("\"(?:sampling|scoring)_seconds\":([0-9.E-]+)");
  private static final long WARM_UP = 1000;

  /** Between two scorings, so that a piece belongs to the last one before it. */
  private static final long PAUSE_MILLIS = 10;

  private final ConfigurableApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private volatile long stamp;
  private final LongAdder inRounds = new LongAdder();

  private GatewayCost() {
    var application = GatewayApplication.application();
    application.addInitializers(
        starting ->
            ((GenericApplicationContext) starting)
                .registerBean(
                    STAMPING,
                    WeightedGuide.class,
                    () ->
                        new WeightedGuide(STAMPING, Guide.of((prompt, text) -> stamped(text)), 1)));
    context = application.run("--port=0", "--logging.level.root=warn");
    port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private final class Rounds implements SearchListener {
    @Override
    public void onRound(Round round) {
      inRounds.add(round.sampling().toNanos() + round.scoring().toNanos());
    }
  }

  private double stamped(String text) {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stamp = System.nanoTime();
    return text.length();
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length == 0 ? 500 : Integer.parseInt(arguments[0]);
    GatewayCost cost = new GatewayCost();
    System.out.printf("%n  %d rounds, ms%20s%8s%n%n", rounds, "median", "95 %");
    cost.requests(rounds);
    cost.pieces(rounds / 10);
    cost.context.close();
    System.exit(0);
  }

  private void requests(int rounds) throws Exception {
    List<Long> direct = new ArrayList<>();
    List<Long> asked = new ArrayList<>();
    for (int i = 0; i < WARM_UP + rounds; i++) {
      // In either order, since what comes second finds the caches warm.
      long first = i % 2 == 0 ? timed(i, true) : timed(i, false);
      long second = i % 2 == 0 ? timed(i, false) : timed(i, true);
      if (i >= WARM_UP) {
        direct.add(i % 2 == 0 ? first : second);
        asked.add(i % 2 == 0 ? second : first);
      }
    }
    report("beside the rounds", direct, asked, 5);
    List<Long> least = new ArrayList<>();
    HttpRequest models =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/models")).build();
    for (int i = 0; i < rounds; i++) {
      long begun = System.nanoTime();
      client.send(models, BodyHandlers.ofString());
      least.add(System.nanoTime() - begun);
    }
    System.out.printf(
        "  %-18s over HTTP  %8.2f%8.2f%n%n", "the list of models", at(least, 0.5), at(least, 0.95));
  }

  /**
   * A short search: what passes beside its rounds, whose own time is noise. It is what the search
   * itself says in both cases.
   */
  private long timed(int seed, boolean inJava) throws Exception {
    inRounds.reset();
    long begun = System.nanoTime();
    if (inJava) {
      direct("positive", 1, 4, 4, seed, piece -> {});
    } else {
      whole(body("positive", 1, 4, 4, seed, false));
    }
    return System.nanoTime() - begun - inRounds.sum();
  }

  private void pieces(int rounds) throws Exception {
    List<Long> direct = new ArrayList<>();
    List<Long> asked = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      List<Long> first = new ArrayList<>();
      List<Long> second = new ArrayList<>();
      direct(STAMPING, 1, 1, 16, i, read -> first.add(read - stamp));
      streamed(STAMPING, 1, 1, 16, i, read -> second.add(read - stamp));
      // A stream's last piece is handed over with its end, which is no piece of a round.
      direct.addAll(first.subList(0, Math.max(0, first.size() - 1)));
      asked.addAll(second.subList(0, Math.max(0, second.size() - 1)));
    }
    report("a streamed piece", direct, asked, 1);
  }

  private void direct(
      String guide, int width, int length, int tokens, int seed, LongConsumer reader)
      throws InterruptedException, ExecutionException {
    WeightedGuide weighted =
        context.getBean(ServedModels.class).weighted(Map.of(guide, 1.0)).get(0);
    int lag = context.getBean(W2sProperties.class).search().beam().commitLag();
    CompletableFuture<ChatResponse> response = new CompletableFuture<>();
    WeakToStrongStreamingChatModel.builder()
        .delegate(context.getBean(LocalStreamingChatModel.class))
        .settings(
            new SearchSettings(
                new ChunkBeam(width, 2, length, lag), tokens, Budget.none(), Guard.none()))
        .guide(guide, weighted.guide(), 1)
        .seed((long) seed)
        .listener(new Rounds())
        .build()
        .chat(
            ChatRequest.builder().messages(UserMessage.from(QUESTION)).build(),
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String partialResponse) {
                reader.accept(System.nanoTime());
              }

              @Override
              public void onCompleteResponse(ChatResponse complete) {
                response.complete(complete);
              }

              @Override
              public void onError(Throwable error) {
                response.completeExceptionally(error);
              }
            });
    response.get();
  }

  private static String body(
      String guide, int width, int length, int tokens, int seed, boolean stream) {
    return """
        {"model": "movie-reviews", "messages": [{"role": "user", "content": "%s"}], "max_tokens": %d, "seed": %d,
         "stream": %s, "w2s": {"weights": {"%s": 1}, "beam_width": %d, "successors": 2, "chunk_length": %d}}
        """
        .formatted(QUESTION, tokens, seed, stream, guide, width, length);
  }

  /** On a connection that is kept, as clients have it. */
  private void whole(String body) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.body());
    }
    Matcher matcher = SECONDS.matcher(response.body());
    while (matcher.find()) {
      inRounds.add((long) (Double.parseDouble(matcher.group(1)) * 1e9));
    }
  }

  private void streamed(
      String guide, int width, int length, int tokens, int seed, LongConsumer reader)
      throws IOException {
    String body = body(guide, width, length, tokens, seed, true);
    try (RawRequest request = RawRequest.chat(port, body, 0)) {
      if (request.status() != 200) {
        throw new IOException(request.rest());
      }
      for (String line = request.line(); line != null; line = request.line()) {
        if (line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
          reader.accept(System.nanoTime());
        }
      }
    }
  }

  private static void report(String what, List<Long> direct, List<Long> asked, int wanted) {
    System.out.printf("  %-18s in Java    %8.2f%8.2f%n", what, at(direct, 0.5), at(direct, 0.95));
    System.out.printf("  %-18s over HTTP  %8.2f%8.2f%n", "", at(asked, 0.5), at(asked, 0.95));
    double added = at(asked, 0.5) - at(direct, 0.5);
    System.out.printf(
        "  %-18s added      %8.2f   ratio %.2f, of %d and %d; wanted: at most %d%n",
        "", added, at(asked, 0.5) / at(direct, 0.5), direct.size(), asked.size(), wanted);
    if (direct.size() == asked.size()) {
      List<Long> differences = new ArrayList<>();
      for (int i = 0; i < direct.size(); i++) {
        differences.add(asked.get(i) - direct.get(i));
      }
      System.out.printf(
          "  %-18s of a pair  %8.2f%8.2f%n", "", at(differences, 0.5), at(differences, 0.95));
    }
    System.out.println();
  }

  private static double at(List<Long> nanos, double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[(int) (sorted.length * share)] / 1e6;
  }
}
