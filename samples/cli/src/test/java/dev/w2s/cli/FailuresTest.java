// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.shell.OutputClosedException;
import dev.w2s.shell.StandardOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final StringWriter err = new StringWriter();
  private final Failures failures = new Failures(new PrintWriter(err), () -> false);

  @Test
  void foldsAMessageIntoOneLine() {
    assertThat(failures.error(new IllegalStateException("first\n  second\r\nthird\n")))
        .isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("w2s: first second third");
  }

  @Test
  void namesAnErrorWithoutMessage() {
    assertThat(failures.error(new StackOverflowError())).isEqualTo(1);
    assertThat(failures.error(new OutOfMemoryError("Java heap space"))).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "w2s: java.lang.StackOverflowError", "w2s: out of memory: Java heap space");
  }

  @Test
  void aBrokenPipeIsNoError() {
    assertThat(failures.error(new OutputClosedException(new IOException("Broken pipe")))).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aFullDiskIsAnError() {
    IOException full = new IOException("No space left on device");
    assertThat(failures.error(new OutputClosedException(full))).isEqualTo(1);
    assertThat(err.toString()).contains("standard output: No space left on device");
  }

  @Test
  void aFailureOfStandardOutputEndsTheCommand() {
    StandardOutput full =
        new StandardOutput(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            });
    PrintWriter out = new PrintWriter(new OutputStreamWriter(full, UTF_8));
    assertThat(Main.run(out, new PrintWriter(err), "--help")).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains("No space left");
  }
}
