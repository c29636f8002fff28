// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request on a connection of its own, whose answer is read line by line, slowly or not. */
final class RawRequest implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 300_000;

  private final Socket socket;
  private final InputStream in;
  private @Nullable InputStream body;
  private int status;

  private RawRequest(int port, byte[] request, int millisForByte) throws IOException {
    socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    if (millisForByte > 0) {
      socket.setReceiveBufferSize(1024);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    try {
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      status = -1; // it may have been refused in the middle, which the answer tells
    }
    InputStream bytes = socket.getInputStream();
    in = millisForByte > 0 ? new Slow(bytes, millisForByte) : new BufferedInputStream(bytes);
  }

  /** Bytes that are no request. */
  static RawRequest raw(int port, byte[] request) throws IOException {
    return new RawRequest(port, request, 0);
  }

  static RawRequest get(int port, String path) throws IOException {
    String head = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    return new RawRequest(port, head.formatted(path).getBytes(UTF_8), 0);
  }

  static RawRequest chat(int port, String body, int millisForByte) throws IOException {
    return chat(port, body.getBytes(UTF_8), millisForByte);
  }

  /**
   * A chat.
   *
   * @param millisForByte how slowly the answer is read; 0 as it comes
   */
  static RawRequest chat(int port, byte[] body, int millisForByte) throws IOException {
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(head.formatted(body.length).getBytes(UTF_8));
    request.write(body);
    return new RawRequest(port, request.toByteArray(), millisForByte);
  }

  /** One byte at a time. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // byte by byte is all there is to it
  private static final class Slow extends FilterInputStream {
    private final int millis;

    Slow(InputStream in, int millis) {
      super(in);
      this.millis = millis;
    }

    @Override
    public int read() throws IOException {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.read();
    }
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        return line.size() == 0 ? null : line.toString(UTF_8);
      }
      if (each != '\r') {
        line.write(each);
      }
    }
    return line.toString(UTF_8);
  }

  /** The status; what comes then is the body. */
  int status() throws IOException {
    answer();
    return status;
  }

  private InputStream answer() throws IOException {
    if (body != null) {
      return body;
    }
    String first = line(in);
    if (first == null) {
      throw new IOException("the connection was closed without an answer");
    }
    status = Integer.parseInt(first.split(" ", 3)[1]);
    boolean chunked = false;
    int length = Integer.MAX_VALUE;
    for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      chunked |= lower.startsWith("transfer-encoding: chunked");
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
      }
    }
    body = new Body(in, chunked, length);
    return body;
  }

  /** The next line of the body; null at its end. */
  @Nullable String line() throws IOException {
    return line(answer());
  }

  /** All that is left of the body. */
  String rest() throws IOException {
    InputStream bytes = answer();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int each = bytes.read(); each >= 0; each = bytes.read()) {
      all.write(each);
    }
    return all.toString(UTF_8);
  }

  /** A body without its chunks' heads; one that ends too early is an error. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // byte by byte is all there is to it
  private static final class Body extends InputStream {
    private final InputStream in;
    private final boolean chunked;
    private int left;

    Body(InputStream in, boolean chunked, int length) {
      this.in = in;
      this.chunked = chunked;
      left = chunked ? 0 : length;
    }

    @Override
    public int read() throws IOException {
      if (left < 0) {
        return -1;
      }
      if (left == 0) {
        String head = chunked ? line(in) : "0";
        if (head == null) {
          throw new IOException("the body has no end");
        }
        left = Integer.parseInt(head, 16);
        if (left == 0) {
          left = -1;
          return -1;
        }
      }
      left--;
      int each = in.read();
      if (each < 0 && chunked) {
        throw new IOException("the body ends within a chunk");
      }
      if (chunked && left == 0) {
        line(in);
      }
      return each;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
