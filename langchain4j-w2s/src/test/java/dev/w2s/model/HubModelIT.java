// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.hub.FakeHub;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are named by their repository. */
class HubModelIT {
  private static final String REFERENCE = "hf:tiny/llama-gqa";
  private static final int PROCESSES = 2;

  private final FakeHub hub = new FakeHub();

  @TempDir private Path home;
  @TempDir private Path output;

  /** Another process: says where the model is, by the variables of its environment. */
  static final class Resolve {
    private Resolve() {}

    public static void main(String[] arguments) {
      Path directory = ModelReference.parse(REFERENCE).resolve();
      System.out.println(directory);
    }
  }

  @BeforeEach
  void start() {
    System.setProperty("hf.endpoint", hub.url());
    System.setProperty("hf.home", home.toString());
    hub.push("tiny/llama-gqa", "main", Golden.directory("llama-gqa"));
  }

  @AfterEach
  void stop() {
    hub.close();
    System.clearProperty("hf.endpoint");
    System.clearProperty("hf.home");
  }

  @Test
  void scoresAsTheDirectoryDoes() {
    assertThat(Kind.of(REFERENCE)).isEqualTo(Kind.LANGUAGE_MODEL);
    assertThat(hub.downloads("")).hasSize(1);
    try (TokenizerDirectory tokenizer = TokenizerDirectory.open(REFERENCE)) {
      assertThat(tokenizer.eosTokens()).isNotEmpty();
    }
    assertThat(hub.downloads("model.safetensors")).isEmpty();
    JsonNode row = Golden.rows("scores.json", "scores", "llama-gqa").findFirst().orElseThrow();
    Response response = new Response(row.get("response").asText(), row.get("ended").booleanValue());
    try (CausalModel model = CausalModel.load(REFERENCE, Golden.CPU_FLOAT32);
        ScoringSession session = model.openScoring(Rendered.raw(row.get("prompt").asText()))) {
      assertThat(model.summary().reference()).isEqualTo(REFERENCE);
      assertThat(session.score(List.of(response)).get(0).logProbability())
          .isCloseTo(row.get("logprob").doubleValue(), within(1e-3));
    }
    assertThat(hub.downloads("")).hasSize(5);
  }

  /** As PEFT writes it: the adapter in one repository, its base by the name of another. */
  @Test
  void anAdaptersBaseIsTakenFromTheHub() {
    AdapterDirectory adapter =
        AdapterDirectory.copyOf("llama-qv", output)
            .config("base_model_name_or_path", "\"tiny/llama-gqa\"");
    hub.push("tiny/llama-qv", "main", adapter.path());
    assertThat(Kind.of("hf:tiny/llama-qv")).isEqualTo(Kind.LANGUAGE_MODEL);
    assertThat(hub.downloads("")).as("the adapter's config alone").hasSize(1);
    for (String reference : List.of("hf:tiny/llama-qv", adapter.reference())) {
      try (CausalModel model = CausalModel.load(reference, Golden.CPU_FLOAT32)) {
        ModelSummary.Adapter adapted = model.summary().adapter();
        assertThat(adapted).isNotNull();
        assertThat(adapted.base()).isEqualTo("hf:tiny/llama-gqa");
      }
    }
    assertThat(hub.downloads("model.safetensors")).hasSize(1);
  }

  @Test
  void aBaseThatNoHubGivesIsToldWithTheAdapter() {
    AdapterDirectory adapter =
        AdapterDirectory.copyOf("llama-qv", output)
            .config("base_model_name_or_path", "\"org/no-such-model\"");
    assertThatThrownBy(() -> ModelFiles.read(adapter.reference()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(adapter.path().resolve(AdapterDirectory.CONFIG).toString())
        .hasMessageContainingAll("give the base as the untuned model", "hf:org/no-such-model");
  }

  @Test
  void twoProcessesAtOnceDownloadOnce() throws Exception {
    List<Process> processes = Stream.generate(this::startProcess).limit(PROCESSES).toList();
    for (Process process : processes) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    assertThat(hub.downloads("")).hasSize(5);
    Path directory = ModelReference.parse(REFERENCE).resolve();
    try (Stream<Path> logs = Files.list(output)) {
      assertThat(logs)
          .hasSize(PROCESSES)
          .allSatisfy(log -> assertThat(Files.readString(log)).contains(directory.toString()));
    }
  }

  private Process startProcess() {
    try {
      ProcessBuilder process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Resolve.class.getName())
              .redirectErrorStream(true)
              .redirectOutput(Files.createTempFile(output, "process", ".log").toFile());
      process.environment().put("HF_ENDPOINT", hub.url());
      process.environment().put("HF_HOME", home.toString());
      return process.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
