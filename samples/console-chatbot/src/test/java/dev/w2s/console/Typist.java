// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.TimeUnit;

/** Somebody in front of a terminal, who types once something is to be read. */
final class Typist {
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  private final PipedInputStream keyboard = new PipedInputStream(4096);
  private final PipedOutputStream keys;
  private final Screen screen = new Screen();

  Typist() throws IOException {
    keys = new PipedOutputStream(keyboard);
  }

  /** Keeps all that a terminal shows. */
  private static final class Screen extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int read;

    @Override
    public synchronized void write(int b) {
      bytes.write(b);
      notifyAll();
    }

    @Override
    public synchronized void write(byte[] some, int from, int length) {
      bytes.write(some, from, length);
      notifyAll();
    }

    synchronized String until(String text) throws InterruptedException {
      long end = System.nanoTime() + PATIENCE;
      while (true) {
        String shown = bytes.toString(UTF_8);
        int at = shown.indexOf(text, read);
        if (at >= 0) {
          String before = shown.substring(read, at);
          read = at + text.length();
          return before;
        }
        long left = end - System.nanoTime();
        assertThat(left).as("waiting for '%s' in: %s", text, shown.substring(read)).isPositive();
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }

  PipedInputStream keyboard() {
    return keyboard;
  }

  OutputStream screen() {
    return screen;
  }

  /** Waits until a text is shown behind what was read before; gives what stands in front of it. */
  String readUntil(String text) throws InterruptedException {
    return screen.until(text);
  }

  void type(String text) throws IOException {
    keys.write(text.getBytes(UTF_8));
    keys.flush();
  }
}
