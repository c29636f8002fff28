// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face hub on two ports of this machine, as its clients see it: one lists and names files
 * and serves the small ones, by way of a redirect; the other is the storage of what Git LFS keeps,
 * and never to see a token. It fails in the ways it is told to.
 */
public final class FakeHub implements AutoCloseable {
  private static final Pattern LIST = Pattern.compile("/api/models/(.+)/revision/([^/]+)");
  private static final Pattern RESOLVE = Pattern.compile("/(.+)/resolve/([^/]+)/(.+)");
  private static final Pattern CACHED = Pattern.compile("/api/resolve-cache/(.+)/at/([^/]+)/(.+)");
  private static final Pattern STORED = Pattern.compile("/(.+@[^/]+)/(.+)");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  private final HttpServer hub = server();
  private final HttpServer storage = server();
  private final ExecutorService threads = Executors.newCachedThreadPool(FakeHub::daemon);
  private final Map<String, Map<String, byte[]>> snapshots = new ConcurrentHashMap<>();
  private final Map<String, String> revisions = new ConcurrentHashMap<>();
  private final Map<String, String> errors = new ConcurrentHashMap<>();
  private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What goes wrong with one answer. */
  enum Fault {
    CUT_IN_HALF,
    ENDS_TOO_SOON,
    STALLS_IN_HALF,
    FLIPS_A_BIT,
    TOO_LONG,
    STATUS_500,
    STATUS_503,
    BUSY_FOR_7_S,
    BUSY_FOR_A_DAY,
    LAPSED,
    IGNORES_RANGE,
    ANOTHER_RANGE,
    NO_SUCH_RANGE
  }

  static {
    // Else an answer's body waits for its head to be acknowledged, which takes 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** Starts it. */
  public FakeHub() {
    hub.createContext("/", exchange -> safely(exchange, this::answerHub));
    storage.createContext("/", exchange -> safely(exchange, this::answerStorage));
    hub.setExecutor(threads);
    storage.setExecutor(threads);
    hub.start();
    storage.start();
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  /** Its address, for {@code HF_ENDPOINT}. */
  public String url() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  /** Puts the files of a directory into a repository, and gives their commit. */
  public String push(String repository, String revision, Path directory) {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return push(repository, revision, files);
  }

  /** Puts files into a repository, and gives their commit. */
  String push(String repository, String revision, Map<String, byte[]> files) {
    MessageDigest digest = digest("SHA-1");
    new TreeMap<>(files)
        .forEach(
            (name, content) -> {
              digest.update(name.getBytes(UTF_8));
              digest.update(content);
            });
    String commit = HexFormat.of().formatHex(digest.digest());
    snapshots.put(repository + "@" + commit, files);
    revisions.put(repository + "@" + commit, commit);
    revisions.put(repository + "@" + revision, commit);
    return commit;
  }

  /** From now on the listing calls a commit otherwise. */
  void miscall(String repository, String revision, String commit) {
    revisions.put(repository + "@" + revision, commit);
  }

  /**
   * From now on requests whose path holds a text are refused.
   *
   * @param error status, code and message with blanks between, the last two as in the headers
   */
  void refuse(String path, String error) {
    errors.put(path, error);
  }

  /** From now on files have a header of this value, whatever else they had. */
  void header(String name, String value) {
    headers.put(name, value);
  }

  /** The next answers with the content of a file, or the next listings under the name "", fail. */
  void fail(String name, Fault... next) {
    faults.computeIfAbsent(name, any -> new ArrayDeque<>()).addAll(Arrays.asList(next));
  }

  /** Requests so far: method, server, file, range, and whether a token came with it. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Requests for the content of a file so far. */
  public List<String> downloads(String name) {
    return requests().stream()
        .filter(line -> line.matches("GET (?:hub|storage) .*"))
        .filter(line -> line.contains(" " + name))
        .toList();
  }

  void forgetRequests() {
    requests.clear();
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private static void safely(HttpExchange exchange, Answer answer) throws IOException {
    try {
      answer.to(exchange);
    } finally {
      exchange.close();
    }
  }

  private void answerHub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    for (Map.Entry<String, String> error : errors.entrySet()) {
      if (path.contains(error.getKey())) {
        note(exchange, "refuses", path);
        refuse(exchange, error.getValue());
        return;
      }
    }
    Matcher list = LIST.matcher(path);
    Matcher resolve = RESOLVE.matcher(path);
    Matcher cached = CACHED.matcher(path);
    if (list.matches()) {
      list(exchange, list.group(1), decoded(list.group(2)));
    } else if (cached.matches() && "etag=%22x%22".equals(exchange.getRequestURI().getRawQuery())) {
      String name = decoded(cached.group(3));
      byte[] content = snapshots.get(cached.group(1) + "@" + cached.group(2)).get(name);
      exchange.getResponseHeaders().set("X-Repo-Commit", cached.group(2));
      headers(exchange, "ETag", gitHash(content));
      content(exchange, "hub", name, content);
    } else if (resolve.matches()) {
      resolve(exchange, resolve.group(1), decoded(resolve.group(2)), decoded(resolve.group(3)));
    } else {
      refuse(exchange, "404");
    }
  }

  private void list(HttpExchange exchange, String repository, String revision) throws IOException {
    note(exchange, "lists", repository + "@" + revision);
    String commit = revisions.get(repository + "@" + revision);
    Fault fault = next("");
    if (fault != null) {
      fail(exchange, fault);
    } else if (commit == null) {
      boolean known = revisions.keySet().stream().anyMatch(key -> key.startsWith(repository + "@"));
      refuse(exchange, known ? "404 RevisionNotFound" : "401 RepoNotFound");
    } else {
      List<Map<String, String>> siblings = new ArrayList<>();
      snapshots
          .getOrDefault(repository + "@" + commit, Map.of())
          .keySet()
          .forEach(name -> siblings.add(Map.of("rfilename", name)));
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("id", repository);
      answer.put("sha", commit);
      answer.put("siblings", siblings);
      byte[] json = new ObjectMapper().writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      send(exchange, 200, json);
    }
  }

  private void resolve(HttpExchange exchange, String repository, String revision, String name)
      throws IOException {
    note(exchange, "redirects", name);
    String commit = revisions.getOrDefault(repository + "@" + revision, revision);
    byte[] content = snapshots.getOrDefault(repository + "@" + commit, Map.of()).get(name);
    if (content == null) {
      refuse(exchange, "404 EntryNotFound");
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", commit);
    if (name.endsWith(".safetensors")) {
      headers(exchange, "X-Linked-Etag", hash("SHA-256", content));
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
      exchange
          .getResponseHeaders()
          .set(
              "Location",
              "http://localhost:%d/%s@%s/%s?Signature=secret-signature"
                  .formatted(storage.getAddress().getPort(), repository, commit, name));
      send(exchange, 302, new byte[0]);
    } else {
      exchange
          .getResponseHeaders()
          .set(
              "Location",
              "/api/resolve-cache/%s/at/%s/%s?etag=%%22x%%22".formatted(repository, commit, name));
      send(exchange, 307, new byte[0]);
    }
  }

  private void answerStorage(HttpExchange exchange) throws IOException {
    Matcher stored = STORED.matcher(exchange.getRequestURI().getPath());
    if (stored.matches()) {
      byte[] content = snapshots.get(stored.group(1)).get(stored.group(2));
      exchange.getResponseHeaders().set("ETag", "\"the-storage-s-own\"");
      content(exchange, "storage", stored.group(2), content);
    }
  }

  private void content(HttpExchange exchange, String server, String name, byte[] content)
      throws IOException {
    note(exchange, server, name);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    Fault fault = next(name);
    Matcher range =
        RANGE.matcher(exchange.getRequestHeaders().getOrDefault("Range", List.of("")).get(0));
    int from =
        range.matches() && fault != Fault.IGNORES_RANGE ? Integer.parseInt(range.group(1)) : 0;
    if (fault == Fault.NO_SUCH_RANGE || (from > 0 && from >= content.length)) {
      refuse(exchange, "416");
      return;
    }
    if (fault != null && fault.name().matches("STATUS.*|BUSY.*|LAPSED")) {
      fail(exchange, fault);
      return;
    }
    int told = fault == Fault.ANOTHER_RANGE ? from + 1 : from;
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(told, content.length - 1, content.length));
    byte[] rest = Arrays.copyOfRange(content, from, content.length);
    int status = from > 0 ? 206 : 200;
    if (fault == null) {
      send(exchange, status, rest);
      return;
    }
    switch (fault) {
      case FLIPS_A_BIT -> {
        rest[rest.length / 2] ^= 1;
        send(exchange, status, rest);
      }
      case TOO_LONG -> send(exchange, status, Arrays.copyOf(rest, rest.length + 1));
      case ENDS_TOO_SOON -> send(exchange, status, Arrays.copyOf(rest, rest.length / 2));
      case CUT_IN_HALF, STALLS_IN_HALF -> half(exchange, status, rest, fault);
      default -> send(exchange, status, rest);
    }
  }

  private void half(HttpExchange exchange, int status, byte[] bytes, Fault fault)
      throws IOException {
    exchange.sendResponseHeaders(status, bytes.length);
    OutputStream out = exchange.getResponseBody();
    out.write(bytes, 0, bytes.length / 2);
    out.flush();
    if (fault == Fault.STALLS_IN_HALF) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void fail(HttpExchange exchange, Fault fault) throws IOException {
    if (fault == Fault.BUSY_FOR_7_S || fault == Fault.BUSY_FOR_A_DAY) {
      exchange.getResponseHeaders().set("Retry-After", fault == Fault.BUSY_FOR_7_S ? "7" : "86400");
    }
    int status =
        switch (fault) {
          case STATUS_503 -> 503;
          case BUSY_FOR_7_S, BUSY_FOR_A_DAY -> 429;
          case LAPSED -> 403;
          default -> 500;
        };
    refuse(exchange, String.valueOf(status));
  }

  private @Nullable Fault next(String name) {
    Deque<Fault> next = faults.get(name);
    if (next == null) {
      return null;
    }
    synchronized (next) {
      return next.poll();
    }
  }

  private void headers(HttpExchange exchange, String name, String hash) {
    exchange.getResponseHeaders().set(name, headers.getOrDefault(name, "\"" + hash + "\""));
  }

  private void note(HttpExchange exchange, String server, String what) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    requests.add(
        exchange.getRequestMethod()
            + " "
            + server
            + " "
            + what
            + (range == null ? "" : " " + range)
            + (token == null ? "" : " " + token));
  }

  private static void refuse(HttpExchange exchange, String error) throws IOException {
    List<String> parts = List.of(error.split(" ", 3));
    if (parts.size() > 1) {
      exchange.getResponseHeaders().set("X-Error-Code", parts.get(1));
    }
    if (parts.size() > 2) {
      exchange.getResponseHeaders().set("X-Error-Message", parts.get(2));
    }
    send(exchange, Integer.parseInt(parts.get(0)), "<html>no</html>".getBytes(UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD") || body.length == 0) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  static String gitHash(byte[] content) {
    MessageDigest digest = digest("SHA-1");
    digest.update(("blob " + content.length + "\0").getBytes(UTF_8));
    return HexFormat.of().formatHex(digest.digest(content));
  }

  static String hash(String algorithm, byte[] content) {
    return HexFormat.of().formatHex(digest(algorithm).digest(content));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }
}
