// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks a hub for one repository. Redirects are followed here rather than by the JDK's client, so
 * that the token is shown to the hub alone: files lie on other hosts, under signed addresses.
 */
final class HubClient {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 10;
  private static final int MOST_LISTING_BYTES = 32 << 20;

  /** Who has lost the network, and has the model, does not wait long for it. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private static final String LINKED_ETAG = "X-Linked-Etag";

  /** A hash, or what a hub of another make has; it becomes a file's name. */
  private static final Pattern ETAG = Pattern.compile("[0-9A-Za-z][0-9A-Za-z_-]{0,127}");

  private final HubSettings settings;
  private final HubReference reference;
  private final HubErrors errors;
  private final Retries retries;
  private final Duration patience;
  private final HttpClient http;

  /**
   * @param patience how long to wait for an answer, or more of it
   */
  HubClient(HubSettings settings, HubReference reference, Retries retries, Duration patience) {
    this.settings = settings;
    this.reference = reference;
    this.retries = retries;
    this.patience = patience;
    errors = new HubErrors(settings, reference);
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience.compareTo(CONNECT) < 0 ? patience : CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * What the repository holds at its revision.
   *
   * @param attempts how often is tried
   * @throws HubUnavailableException if the hub cannot be asked, or does not answer as a hub
   * @throws InvalidModelException if there is no such revision
   */
  Listing list(Retries attempts) throws InterruptedException {
    URI address =
        address("/api/models/" + reference.repository() + "/revision/", reference.revision(), "");
    try {
      return attempts.call(reference.toString(), () -> list(address));
    } catch (IOException e) {
      throw new HubUnavailableException(
          "%s: %s cannot be reached: %s".formatted(reference, settings.endpoint(), Retries.said(e)),
          e);
    }
  }

  private Listing list(URI address) throws IOException, InterruptedException {
    HttpResponse<BodyStream> answer = follow("GET", address, 0, any -> false);
    try (BodyStream body = answer.body()) {
      errors.check(answer, "listing");
      return parse(address, readAll(body));
    }
  }

  private byte[] readAll(BodyStream body) throws IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<ByteBuffer> piece = body.next(patience);
    while (!piece.isEmpty()) {
      for (ByteBuffer part : piece) {
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
      }
      if (bytes.size() > MOST_LISTING_BYTES) {
        throw new HubUnavailableException(reference + ": the list of its files is too long");
      }
      piece = body.next(patience);
    }
    return bytes.toByteArray();
  }

  private Listing parse(URI address, byte[] bytes) {
    try {
      JsonFile answer = JsonFile.parse(Path.of(reference.folder()), bytes);
      String commit = answer.text("sha");
      JsonNode siblings = answer.find("siblings");
      if (commit != null && HubReference.isCommit(commit) && siblings != null) {
        Set<String> files = new TreeSet<>();
        siblings.forEach(file -> files.add(file.path("rfilename").asText()));
        return new Listing(commit, files);
      }
    } catch (InvalidModelException e) {
      throw new HubUnavailableException(notAHub(address), e);
    }
    throw new HubUnavailableException(notAHub(address));
  }

  private String notAHub(URI address) {
    return "%s: %s does not answer as a Hugging Face hub; HF_ENDPOINT or a proxy may lead elsewhere"
        .formatted(reference, HubErrors.place(address));
  }

  /**
   * What a file is, without its content.
   *
   * @throws InvalidModelException if the hub does not give it, or does not name its content
   */
  RemoteFile find(String commit, String name) throws InterruptedException {
    URI address = address("/" + reference.repository() + "/resolve/", commit, "/" + name);
    try {
      return retries.call(reference + ": " + name, () -> find(name, address));
    } catch (IOException e) {
      throw failure(name, address, e);
    }
  }

  /** No more attempts are made to get a file. */
  InvalidModelException failure(String name, URI address, IOException cause) {
    return new InvalidModelException(
        "%s: %s cannot be downloaded from %s: %s"
            .formatted(reference, name, HubErrors.place(address), Retries.said(cause)),
        cause);
  }

  private RemoteFile find(String name, URI address) throws IOException, InterruptedException {
    // The address of a storage host comes with all that is to be known, so that it is not asked.
    HttpResponse<BodyStream> answer =
        follow(
            "HEAD", address, 0, redirect -> redirect.headers().firstValue(LINKED_ETAG).isPresent());
    answer.body().close();
    if (!REDIRECTS.contains(answer.statusCode())) {
      errors.check(answer, name);
    }
    boolean linked = answer.headers().firstValue(LINKED_ETAG).isPresent();
    String etag = answer.headers().firstValue(linked ? LINKED_ETAG : "ETag").orElse("");
    String plain = etag.replaceFirst("^W/", "").replaceAll("^\"|\"$", "");
    if (!ETAG.matcher(plain).matches()) {
      throw new InvalidModelException(
          "%s: %s: %s names its content '%s' (ETag); it must be letters, digits, '-' and '_'"
              .formatted(
                  reference, name, HubErrors.place(answer.uri()), HubErrors.printable(plain)));
    }
    return new RemoteFile(name, address, plain, size(answer, linked));
  }

  private static long size(HttpResponse<?> answer, boolean linked) {
    String header =
        linked && answer.headers().firstValue("X-Linked-Size").isPresent()
            ? "X-Linked-Size"
            : "Content-Length";
    boolean redirect = REDIRECTS.contains(answer.statusCode());
    return redirect && header.equals("Content-Length")
        ? -1
        : answer
            .headers()
            .firstValue(header)
            .filter(value -> value.matches("\\d{1,18}"))
            .map(Long::parseLong)
            .orElse(-1L);
  }

  /**
   * Begins to read a file.
   *
   * @param from the first byte that is wanted; the answer may begin at 0 all the same, or be 416
   */
  HttpResponse<BodyStream> open(RemoteFile file, long from)
      throws IOException, InterruptedException {
    HttpResponse<BodyStream> answer = follow("GET", file.address(), from, any -> false);
    if (answer.statusCode() != 416 || from == 0) {
      try {
        errors.check(answer, file.name());
      } catch (IOException | RuntimeException e) {
        answer.body().close();
        throw e;
      }
    }
    return answer;
  }

  Duration patience() {
    return patience;
  }

  private HttpResponse<BodyStream> follow(
      String method, URI start, long from, Predicate<HttpResponse<?>> enough)
      throws IOException, InterruptedException {
    URI address = start;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<BodyStream> answer = send(method, address, from);
      if (!REDIRECTS.contains(answer.statusCode()) || enough.test(answer)) {
        return answer;
      }
      answer.body().close();
      address = target(address, answer.headers().firstValue("Location").orElse(""));
    }
    throw new InvalidModelException(
        reference + ": " + HubErrors.place(start) + " leads from address to address without end");
  }

  private HttpResponse<BodyStream> send(String method, URI address, long from)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(patience)
            .setHeader("User-Agent", "langchain4j-w2s")
            .setHeader("Accept-Encoding", "identity");
    if (settings.token() != null && settings.isHub(address)) {
      request.setHeader("Authorization", "Bearer " + settings.token());
    }
    if (from > 0) {
      request.setHeader("Range", "bytes=" + from + "-");
    }
    return http.send(request.build(), head -> new BodyStream());
  }

  private URI target(URI from, String location) {
    try {
      URI target = from.resolve(location);
      boolean web = "https".equals(target.getScheme()) || "http".equals(target.getScheme());
      boolean weaker = "https".equals(from.getScheme()) && "http".equals(target.getScheme());
      if (!location.isEmpty() && web && !weaker && target.getHost() != null) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidModelException(badRedirect(from), e);
    }
    throw new InvalidModelException(badRedirect(from));
  }

  private String badRedirect(URI from) {
    return "%s: %s leads to an address that is none, or from https to another protocol"
        .formatted(reference, HubErrors.place(from));
  }

  private URI address(String path, String revision, String file) {
    return URI.create(settings.endpoint() + path + encode(revision) + encodePath(file));
  }

  private static String encodePath(String path) {
    return Stream.of(Pattern.compile("/").split(path))
        .map(HubClient::encode)
        .collect(Collectors.joining("/"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
