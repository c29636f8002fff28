// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Sends one request and waits for the whole answer. Safe for use by several threads. */
@FunctionalInterface
public interface Transport {

  /**
   * Posts JSON.
   *
   * @param timeout for all of it
   * @throws IOException if there is no answer, or only a part of one
   * @throws InterruptedException if the thread is interrupted; the request is given up
   */
  Reply post(URI uri, Map<String, String> headers, String body, Duration timeout)
      throws IOException, InterruptedException;

  /**
   * An answer, whatever its status.
   *
   * @param status of HTTP
   * @param retryAfter what the header of that name says, empty where there is none
   * @param body in UTF-8, with a mark for what is no character
   */
  record Reply(int status, String retryAfter, String body) {}
}
