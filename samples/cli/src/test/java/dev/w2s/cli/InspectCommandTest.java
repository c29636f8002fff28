// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {

  @Test
  void tellsWhatAModelIs() {
    Call call = Call.of("inspect", Golden.UNTUNED);
    assertThat(call.err()).isEmpty();
    assertThat(call.out())
        .containsPattern("family +gpt2\n")
        .containsPattern("layers +4\n")
        .containsPattern("width +192\n")
        .containsPattern("positions +512\n")
        .containsPattern("parameters +3,4[0-9]{2},[0-9]{3}\n")
        .containsPattern("type +float32 on cpu\n")
        .containsPattern("tokenizer +8192 tokens, EOS id 0\n")
        .containsPattern("template +\\{\\{");
  }

  @Test
  void namesEveryTokenThatEnds() {
    assertThat(Call.of("inspect", Golden.model("llama-tied-bf16")).out())
        .containsPattern("tokenizer +300 tokens, EOS ids 0, 299\n");
  }

  /** In a process of its own, where no other test has started the engine. */
  @Test
  void needsNoEngine(@TempDir Path directory) throws Exception {
    Path classes = directory.resolve("classes");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.w2s.cli.Main",
                "inspect",
                "--device=cpu",
                Golden.TUNED,
                Golden.UNTUNED)
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).contains("pair: valid");
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(classes))
        .contains("dev.w2s.model.ModelFiles")
        .doesNotContain("ai.djl.pytorch");
  }

  @Test
  void tellsWhatAClassifierDecides() {
    assertThat(Call.of("inspect", Golden.GOLD).out()).contains("NEGATIVE, POSITIVE");
  }

  @Test
  void tellsWhatAnAdapterAdds(@TempDir Path directory) throws IOException {
    String adapter = Golden.adapter("llama-patterns", directory);
    Call alone = Call.of("inspect", adapter);
    assertThat(alone.err()).isEmpty();
    assertThat(alone.out())
        .containsPattern("adapter +over .*llama-gqa\n")
        .containsPattern("rank +1, 2, 5\n")
        .containsPattern("modules +down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj\n")
        .containsPattern("adds +[0-9,]+ parameters\n");
    assertThat(Call.of("inspect", adapter, Golden.model("llama-gqa")).out())
        .contains("pair: valid");
    Call stranger = Call.of("inspect", adapter, Golden.model("gpt2-odd"));
    assertThat(stranger.code()).isEqualTo(1);
    assertThat(stranger.errLines())
        .singleElement()
        .asString()
        .contains("no part of a LoRA adapter");
  }

  @Test
  void twoHalvesAreAPair() {
    Call call = Call.of("inspect", Golden.TUNED, Golden.UNTUNED);
    assertThat(call.code()).isZero();
    assertThat(call.out()).contains("pair: valid");
  }

  @Test
  void aModelAndItselfAreAPairWithAWarning() {
    String tiny = Golden.model("gpt2-odd");
    assertThat(Call.of("inspect", tiny, tiny).out()).contains("pair: valid", "warning:");
  }

  @Test
  void strangersAreNoPair() {
    Call call = Call.of("inspect", Golden.model("gpt2-odd"), Golden.UNTUNED);
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.out()).contains("pair: not valid");
    assertThat(call.errLines()).singleElement().asString().contains("not a pair", "vocabularies");
  }

  @Test
  void aClassifierIsNoHalfOfAPair() {
    Call call = Call.of("inspect", Golden.GOLD, Golden.UNTUNED);
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines()).singleElement().asString().contains("classifier");
  }

  @Test
  void threeAreTooMany() {
    assertThat(Call.of("inspect", "a", "b", "c").code()).isEqualTo(2);
    assertThat(Call.of("inspect").code()).isEqualTo(2);
  }

  @Test
  void theStackIsShownOnRequestWhereverItIsAsked() {
    assertThat(Call.of("inspect", "no/model").errLines()).hasSize(1);
    assertThat(Call.of("inspect", "no/model", "--debug").err()).contains("\tat dev.w2s.");
    assertThat(Call.of("--debug", "inspect", "no/model").err()).contains("\tat dev.w2s.");
  }
}
