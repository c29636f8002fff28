// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.hub.FakeHub.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a hub that the test serves itself. */
@Timeout(60)
class HubModelsTest {
  private static final String REPOSITORY = "some-org/Tiny.model_1";
  private static final String WEIGHTS = "model.safetensors";
  private static final byte[] BYTES = bytes(1, 300_000);
  private static final Map<String, byte[]> MODEL =
      Map.of(
          "README.md",
          text("# A model"),
          "config.json",
          text("{\"model_type\": \"llama\"}"),
          "tokenizer.json",
          text("{}"),
          "tokenizer_config.json",
          text("{\"bos_token\": null}"),
          "pytorch_model.bin",
          bytes(2, 10_000),
          "onnx/model.onnx",
          bytes(3, 10_000),
          WEIGHTS,
          BYTES);

  private final FakeHub hub = new FakeHub();
  private final List<Duration> pauses = new ArrayList<>();
  private String endpoint = hub.url();
  private @Nullable String token;
  private boolean offline;
  private long free = Long.MAX_VALUE;
  private Duration patience = Duration.ofSeconds(20);

  @TempDir private Path cache;

  @AfterEach
  void close() {
    hub.close();
  }

  private static byte[] bytes(int seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static Map<String, byte[]> with(String name, byte[] content) {
    Map<String, byte[]> files = new TreeMap<>(MODEL);
    files.put(name, content);
    return files;
  }

  private static Map<String, byte[]> without(String... names) {
    Map<String, byte[]> files = new TreeMap<>(MODEL);
    files.keySet().removeAll(Arrays.asList(names));
    return files;
  }

  private Path resolve(String revision, Part part) {
    HubSettings settings = new HubSettings(URI.create(endpoint), cache, token, offline);
    return new HubModels(
            settings, new Retries(5, Duration.ofSeconds(1), pauses::add), patience, any -> free)
        .resolve(HubReference.parse("hf:" + REPOSITORY + revision), part);
  }

  private Path resolve() {
    return resolve("", Part.WHOLE);
  }

  private Path repository() {
    return cache.resolve("models--some-org--Tiny.model_1");
  }

  private static List<String> files(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path partial() {
    return repository().resolve("blobs/" + FakeHub.hash("SHA-256", BYTES) + ".w2s.incomplete");
  }

  @Test
  void downloadsWhatIsNeededToWhereOtherToolsLook() throws IOException {
    String commit = hub.push(REPOSITORY, "main", MODEL);
    Path snapshot = resolve();
    assertThat(snapshot).isEqualTo(repository().resolve("snapshots/" + commit));
    assertThat(files(snapshot))
        .containsExactly("config.json", WEIGHTS, "tokenizer.json", "tokenizer_config.json");
    assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(BYTES);
    assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../blobs/" + FakeHub.hash("SHA-256", BYTES)));
    assertThat(Files.readSymbolicLink(snapshot.resolve("config.json")))
        .isEqualTo(Path.of("../../blobs/" + FakeHub.gitHash(MODEL.get("config.json"))));
    assertThat(repository().resolve("refs/main")).hasContent(commit);
    assertThat(files(repository().resolve(".no_exist/" + commit)))
        .contains("chat_template.jinja", "added_tokens.json")
        .doesNotContain("config.json", WEIGHTS);
    assertThat(files(repository().resolve("blobs"))).hasSize(4);
    assertThat(files(cache.resolve(".locks/models--some-org--Tiny.model_1"))).hasSize(4);
  }

  @Test
  void aKindNeedsTheConfigAndATokenizerNoWeights() {
    hub.push(REPOSITORY, "main", MODEL);
    assertThat(files(resolve("", Part.CONFIG))).containsExactly("config.json");
    assertThat(files(resolve("", Part.TOKENIZER)))
        .containsExactly("config.json", "tokenizer.json", "tokenizer_config.json");
    assertThat(hub.downloads("")).hasSize(3);
    offline = true;
    assertThat(files(resolve("", Part.TOKENIZER))).hasSize(3);
    assertThatThrownBy(() -> resolve()).hasMessageContaining("no model.safetensors");
  }

  @Test
  void whatIsHereIsNotDownloadedAgain() {
    String commit = hub.push(REPOSITORY, "main", MODEL);
    Path snapshot = resolve();
    hub.forgetRequests();
    assertThat(resolve()).isEqualTo(snapshot);
    assertThat(hub.requests()).containsExactly("GET lists " + REPOSITORY + "@main");
    hub.forgetRequests();
    assertThat(resolve("@" + commit, Part.WHOLE)).isEqualTo(snapshot);
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void aCommitThatIsNotCompleteIsAskedFor() throws IOException {
    String commit = hub.push(REPOSITORY, "main", with("chat_template.jinja", text("{{ x }}")));
    Path snapshot = resolve("@" + commit, Part.WHOLE);
    Files.delete(snapshot.resolve("chat_template.jinja"));
    assertThat(files(resolve("@" + commit, Part.WHOLE))).contains("chat_template.jinja");
    Files.delete(snapshot.resolve(WEIGHTS));
    assertThat(files(resolve("@" + commit, Part.WHOLE))).contains(WEIGHTS);
    assertThat(repository().resolve("refs")).doesNotExist();
    assertThat(hub.downloads(WEIGHTS)).hasSize(1);
  }

  @Test
  void aBranchThatMovedBringsWhatChanged() {
    String first = hub.push(REPOSITORY, "main", MODEL);
    resolve();
    String second = hub.push(REPOSITORY, "main", with("tokenizer.json", text("{\"a\": 1}")));
    assertThat(resolve().resolve("tokenizer.json")).hasContent("{\"a\": 1}");
    assertThat(hub.downloads(WEIGHTS)).hasSize(1);
    assertThat(files(repository().resolve("snapshots")))
        .contains(first + "/" + WEIGHTS, second + "/" + WEIGHTS);
    assertThat(repository().resolve("refs/main")).hasContent(second);
  }

  @Test
  void aRevisionMayHaveSlashes() {
    String commit = hub.push(REPOSITORY, "refs/pr/1", MODEL);
    assertThat(resolve("@refs/pr/1", Part.CONFIG)).endsWithRaw(Path.of(commit));
    assertThat(repository().resolve("refs/refs/pr/1")).hasContent(commit);
  }

  @Test
  void ofShardsThoseOfTheIndex() {
    Map<String, byte[]> files = without(WEIGHTS);
    files.put("model-00001-of-00002.safetensors", bytes(5, 1000));
    files.put("model-00002-of-00002.safetensors", bytes(6, 1000));
    files.put("consolidated.safetensors", bytes(7, 1000));
    files.put(
        "model.safetensors.index.json",
        text(
            "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\", \"b\":"
                + " \"model-00002-of-00002.safetensors\", \"c\":"
                + " \"model-00001-of-00002.safetensors\"}}"));
    hub.push(REPOSITORY, "main", files);
    assertThat(files(resolve()))
        .contains(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json")
        .doesNotContain("consolidated.safetensors");
    offline = true;
    resolve();
  }

  @ParameterizedTest
  @CsvSource({
    "'\"../../../evil.safetensors\"', must be the name of a .safetensors file",
    "'\"/etc/evil.safetensors\"', must be the name of a .safetensors file",
    "'\"a\\\\b.safetensors\"', must be the name of a .safetensors file",
    "'\"evil.bin\"', must be the name of a .safetensors file",
    "1, must be a string",
    "'\"missing.safetensors\"', names missing.safetensors, which the repository does not have"
  })
  void refusesAnIndexThatNamesWhatIsNoShard(String name, String message) {
    Map<String, byte[]> files = without(WEIGHTS);
    files.put("model.safetensors.index.json", text("{\"weight_map\": {\"a\": " + name + "}}"));
    hub.push(REPOSITORY, "main", files);
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void templatesComeByNameAndNothingElseOfOtherFolders() {
    Map<String, byte[]> files = with("additional_chat_templates/tool_use.jinja", text("x"));
    files.put("additional_chat_templates/../../../../evil.jinja", text("x"));
    files.put("additional_chat_templates/..\\evil.jinja", text("x"));
    files.put("/evil.jinja", text("x"));
    hub.push(REPOSITORY, "main", files);
    Path snapshot = resolve("", Part.TOKENIZER);
    assertThat(files(snapshot))
        .contains("additional_chat_templates/tool_use.jinja")
        .noneMatch(name -> name.contains("evil"));
    assertThat(files(cache)).noneMatch(name -> name.contains("evil"));
  }

  @Test
  void anAdapterNeedsNoModelBesideIt() {
    Map<String, byte[]> files =
        Map.of("adapter_config.json", text("{}"), "adapter_model.safetensors", bytes(8, 100));
    hub.push(REPOSITORY, "main", files);
    assertThat(files(resolve()))
        .containsExactly("adapter_config.json", "adapter_model.safetensors");
    assertThat(files(resolve("", Part.CONFIG))).contains("adapter_config.json");
  }

  @Test
  void picklesAreRefusedBeforeAnythingIsDownloaded() {
    hub.push(REPOSITORY, "main", without(WEIGHTS));
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(
            "hf:" + REPOSITORY,
            "only pytorch_model.bin, which is not read: weights must be safetensors",
            "refs/pr/NUMBER");
    assertThat(hub.downloads("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json"})
  void refusesARepositoryThatLacksAFileBeforeTheWeights(String name) {
    hub.push(REPOSITORY, "main", without(name));
    assertThatThrownBy(() -> resolve()).hasMessageContaining("the repository has no " + name);
    assertThat(hub.downloads("")).isEmpty();
  }

  @Test
  void theTokenIsShownToTheHubAlone() {
    token = "hf_secret";
    hub.push(REPOSITORY, "main", MODEL);
    resolve();
    assertThat(hub.requests())
        .allSatisfy(
            line -> assertThat(line.endsWith("hf_secret")).isEqualTo(!line.contains(" storage ")))
        .anyMatch(line -> line.contains(" storage "));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT_IN_HALF", "ENDS_TOO_SOON", "STATUS_500", "STATUS_503", "LAPSED"})
  void triesAgainAndGoesOnWhereItWas(Fault fault) {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail(WEIGHTS, fault, fault);
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    assertThat(hub.downloads(WEIGHTS)).hasSize(3);
    assertThat(hub.downloads(WEIGHTS).get(2).contains("bytes="))
        .isEqualTo(fault == Fault.CUT_IN_HALF || fault == Fault.ENDS_TOO_SOON);
    assertThat(pauses).hasSize(2).allMatch(pause -> pause.toSeconds() <= 2);
    assertThat(partial()).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"IGNORES_RANGE", "ANOTHER_RANGE", "NO_SUCH_RANGE"})
  void aHubNeedNotKnowOfRanges(Fault fault) {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail(WEIGHTS, Fault.CUT_IN_HALF, fault);
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @Test
  void aHubThatSendsNothingMoreIsAskedAgain() {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail(WEIGHTS, Fault.STALLS_IN_HALF);
    patience = Duration.ofMillis(500);
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    assertThat(hub.downloads(WEIGHTS).get(1)).contains("bytes=150000-");
  }

  @Test
  void waitsAsLongAsTheHubAsksButNotForADay() {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail("", Fault.BUSY_FOR_7_S);
    hub.fail(WEIGHTS, Fault.BUSY_FOR_7_S, Fault.BUSY_FOR_A_DAY);
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("hf:" + REPOSITORY, WEIGHTS, "answered 429")
        .hasMessageNotContaining("Signature");
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
  }

  @Test
  void givesUpAndGoesOnTheNextTime() throws IOException {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail(WEIGHTS, Fault.CUT_IN_HALF);
    for (int i = 0; i < 4; i++) {
      hub.fail(WEIGHTS, Fault.STATUS_500);
    }
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(WEIGHTS, hub.url(), "answered 500");
    assertThat(pauses).hasSize(4);
    assertThat(Files.size(partial())).isEqualTo(BYTES.length / 2);
    hub.forgetRequests();
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    assertThat(hub.downloads(WEIGHTS)).singleElement().asString().contains("bytes=150000-");
  }

  @Test
  void aHubThatSendsTheSameAgainAndAgainIsGivenUp() {
    hub.push(REPOSITORY, "main", MODEL);
    for (int i = 0; i < 5; i++) {
      hub.fail(WEIGHTS, Fault.CUT_IN_HALF, Fault.NO_SUCH_RANGE);
    }
    assertThatThrownBy(() -> resolve()).hasMessageContaining(WEIGHTS);
    assertThat(pauses).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({WEIGHTS + ", SHA-256", "tokenizer_config.json, git's SHA-1"})
  void whatIsNotItsHashIsThrownAway(String name, String algorithm) throws IOException {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail(name, Fault.FLIPS_A_BIT);
    byte[] content = requireNonNull(MODEL.get(name));
    byte[] flipped = content.clone();
    flipped[flipped.length / 2] ^= 1;
    boolean stored = name.equals(WEIGHTS);
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(
            "hf:" + REPOSITORY + ": " + name,
            stored ? FakeHub.hash("SHA-256", content) : FakeHub.gitHash(content),
            "got " + algorithm,
            stored ? FakeHub.hash("SHA-256", flipped) : FakeHub.gitHash(flipped));
    assertThat(files(repository().resolve("blobs"))).noneMatch(file -> file.contains("incomplete"));
    assertThat(resolve().resolve(name)).hasBinaryContent(content);
  }

  @Test
  void whatIsTooLongIsRefused() {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail(WEIGHTS, Fault.TOO_LONG);
    assertThatThrownBy(() -> resolve()).hasMessageContaining("longer than the 300000 bytes");
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @Test
  void aPartThatIsLongerThanTheFileIsNoPartOfIt() throws IOException {
    hub.push(REPOSITORY, "main", MODEL);
    resolve("", Part.CONFIG);
    Files.write(partial(), bytes(9, BYTES.length + 1));
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @Test
  void aBlobThatWasCutOffIsReplaced() throws IOException {
    hub.push(REPOSITORY, "main", MODEL);
    resolve("", Part.CONFIG);
    Files.write(repository().resolve("blobs/" + FakeHub.hash("SHA-256", BYTES)), bytes(1, 10));
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil", "/evil", "a/b", "a\\b", "", ".", "a.incomplete"})
  void refusesAnEtagThatIsNoPlainName(String etag) {
    hub.push(REPOSITORY, "main", MODEL);
    hub.header("X-Linked-Etag", "\"" + etag + "\"");
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(WEIGHTS, "names its content '" + etag + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"W/\"5f3a-abc\"", "\"5f3a_abc\"", "plain-sha1"})
  void takesTheEtagsOfOtherServers(String etag) {
    hub.push(REPOSITORY, "main", MODEL);
    hub.header("X-Linked-Etag", etag.equals("plain-sha1") ? FakeHub.hash("SHA-1", BYTES) : etag);
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @Test
  void refusesACommitThatIsNone() {
    hub.push(REPOSITORY, "main", MODEL);
    hub.miscall(REPOSITORY, "main", "../../../evil");
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(hub.url(), "does not answer as a Hugging Face hub");
  }

  @Test
  void whatIsNoHubIsCalledSo() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] page = text("<html>Please log in</html>");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    other.start();
    endpoint = "http://127.0.0.1:" + other.getAddress().getPort();
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(endpoint, "does not answer as a Hugging Face hub");
    other.stop(0);
  }

  /** As mirrors do for what they do not have, and the hub for repositories that were renamed. */
  @Test
  void followsRedirectsWithoutTheToken() throws IOException {
    HttpServer mirror =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mirror.createContext(
        "/",
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("Location", hub.url() + exchange.getRequestURI().toASCIIString());
          exchange.sendResponseHeaders(308, -1);
          exchange.close();
        });
    mirror.start();
    endpoint = "http://127.0.0.1:" + mirror.getAddress().getPort();
    token = "hf_secret";
    hub.push(REPOSITORY, "main", MODEL);
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    assertThat(hub.requests()).noneMatch(line -> line.contains("hf_secret"));
    hub.refuse("/resolve/", "403 GatedRepo Access is restricted");
    Files.delete(resolve().resolve(WEIGHTS));
    Files.delete(repository().resolve("blobs/" + FakeHub.hash("SHA-256", BYTES)));
    assertThatThrownBy(() -> resolve()).hasMessageContaining("is gated");
    mirror.stop(0);
  }

  @Test
  void redirectsMustEnd() throws IOException {
    HttpServer circle =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> targets = List.of("/0/again", "file:///etc/passwd", "", "http://[bad");
    circle.createContext(
        "/",
        exchange -> {
          int kind = exchange.getRequestURI().getPath().charAt(1) - '0';
          exchange.getResponseHeaders().set("Location", targets.get(kind));
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    circle.start();
    for (int kind = 0; kind < targets.size(); kind++) {
      endpoint = "http://127.0.0.1:%d/%d".formatted(circle.getAddress().getPort(), kind);
      assertThatThrownBy(() -> resolve())
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining(kind == 0 ? "without end" : "an address that is none");
    }
    circle.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 GatedRepo Access is restricted | is gated: its licence must be accepted at",
        "403 GatedRepo You are not in the list | HF_TOKEN set to a token of the account",
        "401 RepoNotFound Repository not found | has no such repository, or does not show it to you",
        "401 | it may be misspelt, or private",
        "404 RepoNotFound | it may be misspelt, or private",
        "401 X Invalid credentials in Authorization header | does not know the token",
        "404 RevisionNotFound Invalid rev id | the repository has no revision main",
        "403 X Access to this resource is disabled. | answered 403: Access to this resource is disabled.",
        "404 | answered 404",
        "418 | answered 418"
      })
  void tellsRefusalsApart(String error, String message) {
    hub.refuse("/api/models/", error);
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("hf:" + REPOSITORY, message);
    assertThat(pauses).isEmpty();
  }

  @Test
  void aGatedFileSaysWhereToAcceptAndWhetherATokenIsSet() {
    hub.push(REPOSITORY, "main", MODEL);
    hub.refuse("/resolve/", "403 GatedRepo Access is restricted");
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(hub.url() + "/" + REPOSITORY, "HF_TOKEN is not set");
    token = "hf_secret";
    assertThatThrownBy(() -> resolve())
        .hasMessageContaining("HF_TOKEN or its file is set")
        .hasMessageNotContaining("hf_secret");
  }

  @Test
  void offlineConnectsToNothing() {
    hub.push(REPOSITORY, "main", MODEL);
    offline = true;
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(
            "hf:" + REPOSITORY, cache.toString(), "HF_HUB_OFFLINE", "hf download " + REPOSITORY);
    assertThat(hub.requests()).isEmpty();
    offline = false;
    Path snapshot = resolve();
    hub.forgetRequests();
    offline = true;
    assertThat(resolve()).isEqualTo(snapshot);
    assertThat(resolve("@" + snapshot.getFileName(), Part.WHOLE)).isEqualTo(snapshot);
    assertThatThrownBy(() -> resolve("@v2", Part.WHOLE)).hasMessageContaining("nothing of");
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void withoutAHubWhatWasDownloadedBeforeDoes() {
    hub.push(REPOSITORY, "main", MODEL);
    Path snapshot = resolve();
    hub.push(REPOSITORY, "main", with("tokenizer.json", text("{\"a\": 1}")));
    hub.fail("", Fault.STATUS_500, Fault.BUSY_FOR_7_S);
    assertThat(resolve()).isEqualTo(snapshot);
    assertThat(resolve()).isEqualTo(snapshot);
    hub.refuse("/api/models/", "401 RepoNotFound");
    assertThat(resolve()).isEqualTo(snapshot);
    hub.close();
    assertThat(resolve()).isEqualTo(snapshot);
    assertThat(pauses).isEmpty();
    assertThatThrownBy(() -> resolve("@v2", Part.WHOLE))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(
            "hf:" + REPOSITORY + "@v2", hub.url(), "cannot be reached: connec");
    assertThat(pauses).hasSize(4);
  }

  @Test
  void aPartOfAModelDoesNotDoInItsPlace() {
    hub.push(REPOSITORY, "main", MODEL);
    resolve("", Part.TOKENIZER);
    for (int i = 0; i < 5; i++) {
      hub.fail("", Fault.STATUS_503);
    }
    assertThatThrownBy(() -> resolve()).hasMessageContaining("answered 503");
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @Test
  void whereThereAreNoLocksEachDownloadsForItself() throws IOException {
    hub.push(REPOSITORY, "main", MODEL);
    Files.createFile(cache.resolve(".locks"));
    hub.fail(WEIGHTS, Fault.CUT_IN_HALF, Fault.BUSY_FOR_A_DAY);
    assertThatThrownBy(() -> resolve()).hasMessageContaining("answered 429");
    assertThat(files(repository().resolve("blobs"))).noneMatch(file -> file.contains("incomplete"));
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @Test
  void theLastCommitStaysUsableUntilTheNextIsWhole() {
    hub.push(REPOSITORY, "main", MODEL);
    Path first = resolve();
    hub.push(REPOSITORY, "main", with(WEIGHTS, bytes(11, 1000)));
    Path second = resolve("", Part.CONFIG);
    assertThat(second).isNotEqualTo(first);
    offline = true;
    assertThat(resolve()).isEqualTo(first);
    offline = false;
    assertThat(resolve()).isEqualTo(second);
    offline = true;
    assertThat(resolve()).isEqualTo(second);
  }

  @Test
  void aFullDiskIsToldBeforeTheDownload() {
    hub.push(REPOSITORY, "main", MODEL);
    resolve("", Part.TOKENIZER);
    free = 299_999;
    assertThatThrownBy(() -> resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("hf:" + REPOSITORY, "300000", "299999", cache.toString());
    assertThat(hub.downloads(WEIGHTS)).isEmpty();
    free = 300_000;
    resolve();
  }

  @Test
  void whatIsHereAlreadyNeedsNoSpace() throws IOException {
    hub.push(REPOSITORY, "main", MODEL);
    resolve("", Part.TOKENIZER);
    Files.write(partial(), Arrays.copyOf(BYTES, 200_000));
    free = 100_000;
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
  }

  @Test
  void threadsAtOnceDownloadOnce() {
    hub.push(REPOSITORY, "main", MODEL);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<CompletableFuture<Path>> all =
          Stream.generate(() -> CompletableFuture.supplyAsync(this::resolve, threads))
              .limit(8)
              .toList();
      assertThat(all).allSatisfy(path -> assertThat(path.join().resolve(WEIGHTS)).exists());
    } finally {
      threads.shutdownNow();
    }
    assertThat(hub.downloads("")).hasSize(4);
  }

  @Test
  void anInterruptEndsTheDownloadAndKeepsWhatIsThere() throws Exception {
    hub.push(REPOSITORY, "main", MODEL);
    hub.fail(WEIGHTS, Fault.STALLS_IN_HALF);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                resolve();
              } catch (CancellationException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
              }
            });
    thread.start();
    while (!Files.exists(partial()) || Files.size(partial()) < BYTES.length / 2) {
      Thread.sleep(5);
    }
    thread.interrupt();
    assertThat(interrupted.join()).isTrue();
    assertThat(Files.size(partial())).isEqualTo(BYTES.length / 2);
    assertThat(resolve().resolve(WEIGHTS)).hasBinaryContent(BYTES);
    assertThat(hub.downloads(WEIGHTS).get(1)).contains("bytes=150000-");
  }
}
