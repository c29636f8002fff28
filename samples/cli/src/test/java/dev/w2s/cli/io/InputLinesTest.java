// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InputLinesTest {

  @Test
  void standardInputIsNeverClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream before = System.in;
    System.setIn(
        new ByteArrayInputStream("one\n".getBytes(UTF_8)) {
          @Override
          public void close() throws IOException {
            closed.set(true);
          }
        });
    try (InputLines lines = InputLines.open("-")) {
      assertThat(lines.next()).isEqualTo(new InputLines.Line("one", "standard input:1"));
      assertThat(lines.next()).isNull();
    } finally {
      System.setIn(before);
    }
    assertThat(closed).isFalse();
  }
}
