// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "http://a:1/v1, http://a:1/v1/completions, http://a:1/tokenize",
    "http://a:1/v1/, http://a:1/v1/completions, http://a:1/tokenize",
    "https://a/openai/v1, https://a/openai/v1/completions, https://a/openai/tokenize",
    "https://a, https://a/completions, https://a/tokenize",
    "HTTPS://A/api, HTTPS://A/api/completions, HTTPS://A/api/tokenize",
  })
  void whatIsBelowAndBeside(String url, String below, String beside) {
    ServerAddress address = new ServerAddress(url);
    assertThat(address.below("/completions")).hasToString(below);
    assertThat(address.beside("/tokenize")).hasToString(beside);
    assertThat(address.isSecure()).isEqualTo(url.toLowerCase(Locale.ROOT).charAt(4) == 's');
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8000/v1, must begin with http:// or https://",
    "file:///etc/passwd, must begin with http:// or https://",
    "'', must begin with http:// or https://",
    "http:///v1, must begin with http:// or https://",
    "http://a b/v1, it is no URL",
    "http://a/v1?key=1, no user",
    "http://a/v1#x, no user",
    "http://me:secret@a/v1, no user",
  })
  void refusesWhatIsNoAddress(String url, String rule) {
    assertThatThrownBy(() -> new ServerAddress(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("baseUrl is '" + url + "'; ")
        .hasMessageContaining(rule);
  }

  @Test
  void theKeyIsNeverShown() {
    assertThat(new ServerAddress("http://a/v1", "secret", Map.of())).hasToString("http://a/v1");
    assertThatThrownBy(() -> new ServerAddress("http://a/v1", "sec\nret", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("apiKey holds a character that no header can")
        .hasMessageNotContaining("ret");
  }
}
