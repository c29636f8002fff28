// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts the built gateway and lets clients of all kinds at it: streams, some of them read slowly
 * or left in the middle, whole answers, garbage. Checks every answer, and that memory and threads
 * stay as they are and nobody waits much longer than the others. Ends with 1 if something was not
 * as it should be. {@code samples/gateway/load} runs it.
 */
final class GatewayLoad {
  private static final Duration SAMPLE = Duration.ofSeconds(10);
  private static final double MOST_GROWTH = 1.05;
  private static final int MOST_THREADS_MORE = 4;
  private static final double MOST_UNFAIR = 3;
  private static final String QUESTION =
      "\"messages\":[{\"role\":\"user\",\"content\":\"How was the movie, number %d?\"}]";

  private final int port;
  private final long pid;
  private final int clients;
  private final int tokens;
  private final Duration time;

  private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private final List<Wait> waits = Collections.synchronizedList(new ArrayList<>());
  private final List<Sample> samples = new ArrayList<>();

  private GatewayLoad(int port, long pid, int clients, int tokens, Duration time) {
    this.port = port;
    this.pid = pid;
    this.clients = clients;
    this.tokens = tokens;
    this.time = time;
  }

  /**
   * From sent to the first piece of the answer.
   *
   * @param sent nanoseconds
   * @param begun likewise
   */
  private record Wait(long sent, long begun) {
    double seconds() {
      return (begun - sent) / 1e9;
    }
  }

  private record Sample(double second, double megabytes, int threads, double heap) {}

  /**
   * Arguments: {@code --jar FILE}, {@code --clients 64}, {@code --seconds 600}, {@code --tokens
   * 20}, and behind {@code --} what the gateway is started with beside its port.
   */
  public static void main(String[] arguments) throws Exception {
    List<String> all = Arrays.asList(arguments);
    int end = all.contains("--") ? all.indexOf("--") : all.size();
    Map<String, String> options = new TreeMap<>();
    for (int i = 0; i + 1 < end; i += 2) {
      options.put(all.get(i), all.get(i + 1));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-jar",
                options.getOrDefault("--jar", "samples/gateway/target/gateway.jar"),
                "--port=0"));
    command.addAll(all.subList(Math.min(end + 1, all.size()), all.size()));
    File log = Files.createTempFile("gateway-load", ".log").toFile();
    Process server =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
    boolean isFine;
    try {
      GatewayLoad load =
          new GatewayLoad(
              port(server, log.toPath()),
              server.pid(),
              Integer.parseInt(options.getOrDefault("--clients", "64")),
              Integer.parseInt(options.getOrDefault("--tokens", "20")),
              Duration.ofSeconds(Long.parseLong(options.getOrDefault("--seconds", "600"))));
      load.run();
      isFine = load.report();
    } finally {
      server.destroy();
      server.waitFor(1, TimeUnit.MINUTES);
    }
    isFine &= checkLog(log.toPath());
    System.exit(isFine ? 0 : 1);
  }

  /** Waits until it is ready. */
  private static int port(Process server, Path log) throws IOException, InterruptedException {
    Pattern started = Pattern.compile("Netty started on port (\\d+)");
    for (int i = 0; i < 1200 && server.isAlive(); i++) {
      Matcher matcher = started.matcher(Files.readString(log));
      if (matcher.find()) {
        int port = Integer.parseInt(matcher.group(1));
        try (RawRequest ready = RawRequest.get(port, "/health/readiness")) {
          if (ready.status() == 200) {
            return port;
          }
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("the gateway did not start:\n" + Files.readString(log));
  }

  private static boolean checkLog(Path log) throws IOException {
    List<String> loud =
        Files.readAllLines(log).stream()
            .filter(line -> line.contains(" ERROR ") || line.contains(" WARN "))
            .toList();
    System.out.printf("  warnings and errors in the server's log   %d%n", loud.size());
    loud.stream().limit(10).forEach(System.out::println);
    if (loud.isEmpty()) {
      Files.delete(log);
    } else {
      System.out.println("  the log is " + log);
    }
    return loud.isEmpty();
  }

  private void run() throws Exception {
    long begun = System.nanoTime();
    long end = begun + time.toNanos();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    for (int i = 0; i < clients; i++) {
      Random random = new Random(i);
      threads.execute(
          () -> {
            while (System.nanoTime() < end) {
              ask(random);
            }
          });
    }
    threads.shutdown();
    do {
      samples.add(sample((System.nanoTime() - begun) / 1e9));
    } while (!threads.awaitTermination(SAMPLE.toMillis(), TimeUnit.MILLISECONDS)
        && System.nanoTime() < end + Duration.ofMinutes(5).toNanos());
    if (!threads.isTerminated()) {
      faults.add("some clients have no answer five minutes after the end");
    }
  }

  private Sample sample(double second) throws IOException {
    String status = Files.readString(Path.of("/proc/" + pid + "/status"));
    return new Sample(
        second,
        number(status, "VmRSS:\\s+(\\d+)") / 1024,
        (int) number(status, "Threads:\\s+(\\d+)"),
        heap());
  }

  private double heap() throws IOException {
    Matcher matcher =
        Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\".*} (\\S+)$").matcher(metrics());
    double sum = 0;
    while (matcher.find()) {
      sum += Double.parseDouble(matcher.group(1));
    }
    return sum / (1 << 20);
  }

  private String metrics() throws IOException {
    try (RawRequest metrics = RawRequest.get(port, "/metrics")) {
      return metrics.rest();
    }
  }

  private static double number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
  }

  private String chat(Random random, boolean stream) {
    return "{\"model\":\"movie-reviews+positive\",\"max_tokens\":%d,\"stream\":%s,%s}"
        .formatted(tokens, stream, QUESTION.formatted(random.nextInt(1000)));
  }

  /** One request of a kind that is drawn. */
  private void ask(Random random) {
    int kind = random.nextInt(100);
    String name =
        kind < 55
            ? "stream"
            : kind < 65 ? "left" : kind < 75 ? "read slowly" : kind < 85 ? "whole" : "garbage";
    try {
      switch (name) {
        case "stream" -> stream(name, random, false);
        case "left" -> leave(random);
        case "read slowly" -> stream(name, random, true);
        case "whole" -> whole(random);
        default -> garbage(random);
      }
    } catch (IOException e) {
      fault(name, "failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(String name, String outcome) {
    outcomes.computeIfAbsent(name + ": " + outcome, key -> new LongAdder()).increment();
  }

  private void fault(String name, String what) {
    count(name, "NOT AS ASKED FOR");
    if (faults.size() < 20) {
      faults.add(name + " " + what);
    }
  }

  /** Whether it is refused for there being too much to do, which is told in OpenAI's form. */
  private boolean isRefused(String name, int status, String body) {
    if ((status == 429 || status == 503) && body.contains("\"overloaded\"")) {
      count(name, "refused with " + status);
      return true;
    }
    return false;
  }

  private void stream(String name, Random random, boolean slowly)
      throws IOException, InterruptedException {
    long sent = System.nanoTime();
    try (RawRequest request =
        RawRequest.chat(port, chat(random, true), slowly ? random.nextInt(3) + 1 : 0)) {
      int status = request.status();
      if (status != 200) {
        String body = request.rest();
        if (!isRefused(name, status, body)) {
          fault(name, "got " + status + ": " + body);
        }
        return;
      }
      List<String> events = new ArrayList<>();
      for (String line = request.line(); line != null; line = request.line()) {
        if (line.startsWith("data: ")) {
          if (events.isEmpty()) {
            waits.add(new Wait(sent, System.nanoTime()));
          }
          events.add(line);
        } else if (!line.isEmpty() && !line.startsWith(": ")) {
          fault(name, "got the line " + line);
          return;
        }
      }
      int last = events.size() - 1;
      if (last == 0 && events.get(0).contains("\"overloaded\"")) {
        count(name, "refused behind a comment");
      } else if (last < 1
          || !events.get(last).equals("data: [DONE]")
          || !events.get(0).contains("\"role\":\"assistant\"")
          || events.get(last - 1).contains("\"finish_reason\":null")
          || events.stream().anyMatch(event -> event.contains("\"error\""))) {
        fault(name, "got " + events);
      } else {
        count(name, "complete");
      }
    }
  }

  /** After none, one or some pieces. */
  private void leave(Random random) throws IOException, InterruptedException {
    long sent = System.nanoTime();
    try (RawRequest request = RawRequest.chat(port, chat(random, true), 0)) {
      int pieces = random.nextInt(6);
      if (pieces == 0) {
        Thread.sleep(random.nextInt(2000));
      }
      for (int i = 0; i < pieces; i++) {
        String line = request.line();
        if (line == null) {
          break;
        }
        if (i == 0 && line.startsWith("data: ")) {
          waits.add(new Wait(sent, System.nanoTime()));
        }
      }
    }
    count("left", "gone");
  }

  private void whole(Random random) throws IOException {
    try (RawRequest request = RawRequest.chat(port, chat(random, false), 0)) {
      int status = request.status();
      String body = request.rest();
      if (status == 200 && body.endsWith("}") && body.contains("\"finish_reason\":\"")) {
        count("whole", "complete");
      } else if (!isRefused("whole", status, body)) {
        fault("whole", "got " + status + ": " + body);
      }
    }
  }

  private void garbage(Random random) throws IOException {
    byte[] bytes = new byte[random.nextInt(5000)];
    random.nextBytes(bytes);
    String good = chat(random, true);
    int kind = random.nextInt(9);
    switch (kind) {
      case 0 -> garbage(400, bytes);
      case 1 -> garbage(400, good.substring(0, random.nextInt(good.length())).getBytes(UTF_8));
      case 2 -> garbage(400, "[".repeat(100_000).getBytes(UTF_8));
      case 3 -> garbage(413, ("{\"model\":\"" + "x".repeat(1 << 21) + "\"}").getBytes(UTF_8));
      case 4 -> garbage(404, good.replace("+positive", "+nothing").getBytes(UTF_8));
      case 5 -> garbage(400, good.replace("\"stream\":true", "\"stream\":1").getBytes(UTF_8));
      case 6 -> garbage(400, good.replace("\"stream\"", "\"w2s\":{\"a\":1},\"b\"").getBytes(UTF_8));
      case 7 -> {
        try (RawRequest request =
            RawRequest.raw(port, "\u0001\u0002 garbage\r\n\r\n".getBytes(UTF_8))) {
          expect(400, request.status(), "");
        }
      }
      default -> {
        String head =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{";
        RawRequest.raw(port, head.getBytes(UTF_8)).close();
        count("garbage", "half a body, and gone");
      }
    }
  }

  private void garbage(int expected, byte[] body) throws IOException {
    try (RawRequest request = RawRequest.chat(port, body, 0)) {
      expect(expected, request.status(), request.rest());
    }
  }

  private void expect(int expected, int status, String body) {
    if (status == expected) {
      count("garbage", "told " + status);
    } else {
      fault("garbage", "got " + status + " in place of " + expected + ": " + body);
    }
  }

  private boolean report() throws Exception {
    boolean isFine = faults.isEmpty();
    System.out.printf("%n%d clients, %d s%n%n", clients, time.toSeconds());
    new TreeMap<>(outcomes).forEach((what, count) -> line(what, count.toString()));
    System.out.println();
    isFine &= waitsAreFair();
    isFine &= isFlat();
    TimeUnit.SECONDS.sleep(2);
    String metrics = metrics();
    for (String gauge : List.of("active", "waiting")) {
      double left = number(metrics, "(?m)^gateway_answers_" + gauge + " (\\S+)$");
      line("answers " + gauge + " in the end", "%.0f".formatted(left));
      isFine &= left == 0;
    }
    faults.forEach(System.out::println);
    return isFine;
  }

  private static void line(String what, String value) {
    System.out.printf("  %-42s%s%n", what, value);
  }

  private boolean waitsAreFair() {
    double[] seconds = waits.stream().mapToDouble(Wait::seconds).sorted().toArray();
    if (seconds.length == 0) {
      return false;
    }
    double median = seconds[seconds.length / 2];
    double longest = seconds[seconds.length - 1];
    line("to the first piece, median", "%.2f s".formatted(median));
    line("to the first piece, 95 %", "%.2f s".formatted(seconds[seconds.length * 95 / 100]));
    line("to the first piece, longest", "%.2f s".formatted(longest));
    line("longest / median", "%.2f (at most %.0f)".formatted(longest / median, MOST_UNFAIR));
    line("overtaken by later ones, at most", overtaken(median) + " times");
    return longest / median <= MOST_UNFAIR;
  }

  /** By requests that were sent half a median wait later: answers take longer and shorter. */
  private long overtaken(double median) {
    long later = (long) (median * 0.5e9);
    List<Wait> all = List.copyOf(waits);
    return all.stream()
        .mapToLong(
            one ->
                all.stream()
                    .filter(other -> other.sent > one.sent + later && other.begun < one.begun)
                    .count())
        .max()
        .orElse(0);
  }

  /** Behind the first minute, which warms up. */
  private boolean isFlat() {
    System.out.printf("%n  second   RSS, MiB   threads   heap, MiB%n");
    int step = Math.max(1, samples.size() / 12);
    for (int i = 0; i < samples.size(); i += step) {
      Sample each = samples.get(i);
      System.out.printf(
          Locale.ROOT,
          "  %6.0f   %8.0f   %7d   %9.0f%n",
          each.second,
          each.megabytes,
          each.threads,
          each.heap);
    }
    System.out.println();
    List<Sample> warm =
        samples.stream()
            .filter(each -> each.second >= 60 && each.second <= time.toSeconds())
            .toList();
    if (warm.size() < 3) {
      line("memory", "too short a run to tell");
      return true;
    }
    List<Sample> first = warm.subList(0, warm.size() / 3);
    List<Sample> last = warm.subList(warm.size() - warm.size() / 3, warm.size());
    double before = first.stream().mapToDouble(Sample::megabytes).average().orElse(0);
    double after = last.stream().mapToDouble(Sample::megabytes).average().orElse(0);
    int threadsBefore = first.stream().mapToInt(Sample::threads).max().orElse(0);
    int threadsAfter = last.stream().mapToInt(Sample::threads).max().orElse(0);
    line(
        "RSS, means of the first and last third",
        "%.0f and %.0f MiB, ratio %.3f (at most %.2f)"
            .formatted(before, after, after / before, MOST_GROWTH));
    line("threads, most in the first and last third", threadsBefore + " and " + threadsAfter);
    line(
        "heap, least in the first and last third",
        "%.0f and %.0f MiB"
            .formatted(
                first.stream().mapToDouble(Sample::heap).min().orElse(0),
                last.stream().mapToDouble(Sample::heap).min().orElse(0)));
    return after / before <= MOST_GROWTH && threadsAfter <= threadsBefore + MOST_THREADS_MORE;
  }
}
