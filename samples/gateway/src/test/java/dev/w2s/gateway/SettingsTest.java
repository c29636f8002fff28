// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is set wrong is told by property, value and rule, and without a key. */
class SettingsTest {
  private static final String URL = "gateway.upstream.base-url=http://localhost:9/v1";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gateway.upstream.base-url=http://localhost:9/v1 | gateway.upstream.model    | it is missing
          gateway.upstream.api-key=sk-secret            | gateway.upstream.base-url   | it is missing
          gateway.upstream.base-url=localhost:9         | gateway.upstream.base-url   | with http or https
          gateway.limits.queue=-1                       | gateway.limits.queue        | at least 0
          gateway.limits.tokens=0                       | gateway.limits.tokens       | at least 1
          gateway.limits.concurency=3                   | gateway.limits.concurency   | no such property
          gateway.upstream.kee=sk-secret                | gateway.upstream.kee        | no such property
          gateway.keys=,                                | gateway.keys                | blank
          gateway.models[kind].guides.kinder=1          | gateway.models[kind].guides[kinder] | there is [positive]
          """)
  void whatIsWrongIsNamed(String set, String property, String rule) {
    String told = told(set);
    assertThat(told)
        .contains("The gateway cannot be started")
        .contains("Property: " + property)
        .contains(rule)
        .doesNotContain("sk-secret");
  }

  @Test
  void aWrongValueIsShownWithItsOrigin() {
    assertThat(told("gateway.upstream.concurrency=0", URL, "gateway.upstream.model=m"))
        .contains("Value: \"0\"")
        .contains("Origin: \"gateway.upstream.concurrency\" from property source");
  }

  /** As the start writes it to the log. */
  private static String told(String... properties) {
    PrintStream out = System.out;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      Throwable failure = catchThrowable(() -> Gateway.start(properties).close());
      assertThat(failure).isNotNull();
    } finally {
      System.setOut(out);
    }
    return told.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anOptionThatIsNoneIsRefused() {
    assertThat(GatewayApplication.unknown("--port=1", "--help", "--gateway.keys=a\nb")).isNull();
    assertThat(GatewayApplication.unknown("--server.address=::1", "--debug")).isNull();
    assertThat(GatewayApplication.unknown("--port=1", "--prot=2")).isEqualTo("'--prot'");
    assertThat(GatewayApplication.unknown("--gateway=2")).isEqualTo("'--gateway'");
    assertThat(GatewayApplication.unknown("word")).isEqualTo("'word'");
    assertThat(GatewayApplication.withEquals("--port", "80", "--debug", "--gateway.keys", "a"))
        .containsExactly("--port=80", "--debug", "--gateway.keys=a");
  }
}
