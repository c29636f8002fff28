// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {

  @TempDir private Path home;

  private HubSettings of(Map<String, String> variables) {
    return HubSettings.of(variables::get, home);
  }

  @Test
  void nothingNeedsToBeSet() {
    assertThat(of(Map.of("HF_HUB_CACHE", " ", "HF_TOKEN", "", "HF_ENDPOINT", "")))
        .isEqualTo(
            new HubSettings(
                URI.create("https://huggingface.co"),
                home.resolve(".cache/huggingface/hub"),
                null,
                false));
  }

  @Test
  void theCacheIsWhereOtherToolsHaveIt() {
    assertThat(of(Map.of("HF_HUB_CACHE", "/a", "HF_HOME", "/b", "XDG_CACHE_HOME", "/c")).cache())
        .isEqualTo(Path.of("/a").toAbsolutePath());
    assertThat(of(Map.of("HUGGINGFACE_HUB_CACHE", "/o", "HF_HOME", "/b")).cache())
        .isEqualTo(Path.of("/o").toAbsolutePath());
    assertThat(of(Map.of("HF_HOME", "/b", "XDG_CACHE_HOME", "/c")).cache())
        .isEqualTo(Path.of("/b/hub").toAbsolutePath());
    assertThat(of(Map.of("XDG_CACHE_HOME", "/c")).cache())
        .isEqualTo(Path.of("/c/huggingface/hub").toAbsolutePath());
    assertThat(of(Map.of("HF_HOME", "~/models")).cache()).isEqualTo(home.resolve("models/hub"));
    assertThat(of(Map.of("HF_HOME", "relative")).cache()).isAbsolute();
  }

  @Test
  void theTokenIsThatOfTheEnvironmentOrOfAFile() throws IOException {
    Path ours = Files.writeString(home.resolve("ours"), "hf_ours\n");
    Path hf = Files.createDirectory(home.resolve("hf"));
    Files.writeString(hf.resolve("token"), "hf_file");
    assertThat(of(Map.of("HF_HOME", hf.toString())).token()).isEqualTo("hf_file");
    assertThat(of(Map.of("HF_HOME", hf.toString(), "HF_TOKEN_PATH", ours.toString())).token())
        .isEqualTo("hf_ours");
    assertThat(of(Map.of("HF_HOME", hf.toString(), "HF_TOKEN", " hf_env\n")).token())
        .isEqualTo("hf_env");
    assertThat(of(Map.of("HUGGING_FACE_HUB_TOKEN", "hf_old")).token()).isEqualTo("hf_old");
    Files.writeString(ours, "\n");
    assertThat(of(Map.of("HF_TOKEN_PATH", ours.toString())).token()).isNull();
  }

  @Test
  void theTokenIsNeverShown() {
    assertThat(of(Map.of("HF_TOKEN", "hf_secret")).toString())
        .contains("token=set")
        .doesNotContain("secret");
    assertThatThrownBy(() -> of(Map.of("HF_TOKEN", "hf_se\ncret")))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("HF_TOKEN holds")
        .hasMessageNotContaining("cret");
  }

  @ParameterizedTest
  @CsvSource({"1, true", "true, true", "ON, true", "Yes, true", "0, false", "no, false"})
  void offline(String value, boolean offline) {
    assertThat(of(Map.of("HF_HUB_OFFLINE", value)).offline()).isEqualTo(offline);
    assertThat(of(Map.of("TRANSFORMERS_OFFLINE", value)).offline()).isEqualTo(offline);
    assertThat(of(Map.of("HF_HUB_OFFLINE", value, "TRANSFORMERS_OFFLINE", "1")).offline())
        .isEqualTo(offline);
  }

  @Test
  void anEndpointMayHaveAPath() {
    HubSettings settings = of(Map.of("HF_ENDPOINT", "https://host/api/huggingface//"));
    assertThat(settings.endpoint()).isEqualTo(URI.create("https://host/api/huggingface"));
    assertThat(settings.isHub(URI.create("https://HOST:443/x"))).isTrue();
    assertThat(settings.isHub(URI.create("http://host/x"))).isFalse();
    assertThat(settings.isHub(URI.create("https://host.example/x"))).isFalse();
    assertThat(settings.isHub(URI.create("https://host:8443/x"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"huggingface.co", "ftp://host", "https://user:secret@host", "https://", "a b"})
  void refusesWhatIsNoEndpoint(String text) {
    assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", text)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("HF_ENDPOINT")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aSystemPropertyStandsForAVariable() {
    System.setProperty("hf.endpoint", "http://127.0.0.1:1");
    try {
      assertThat(HubSettings.current().endpoint()).isEqualTo(URI.create("http://127.0.0.1:1"));
    } finally {
      System.clearProperty("hf.endpoint");
    }
  }
}
