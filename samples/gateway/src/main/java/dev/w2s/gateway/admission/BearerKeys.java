// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.w2s.gateway.openai.ApiException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys of which a request has to bring one. How long a comparison takes says nothing about them:
 * digests of one length are compared whole, and all keys each time.
 */
public final class BearerKeys {
  private static final String SCHEME = "bearer ";

  private final List<byte[]> digests;

  /**
   * @param keys none for everybody
   */
  public BearerKeys(List<String> keys) {
    digests = keys.stream().map(BearerKeys::digest).toList();
  }

  /**
   * Checks the header of a request.
   *
   * @param authorization null where there is none
   * @throws ApiException if a key is asked for, and it brings none or another one
   */
  public void check(@Nullable String authorization) {
    if (digests.isEmpty()) {
      return;
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw ApiException.unauthorized(
          "You didn't provide an API key. Send it in the header 'Authorization: Bearer KEY'.");
    }
    byte[] given = digest(authorization.substring(SCHEME.length()).strip());
    boolean known = false;
    for (byte[] digest : digests) {
      known |= MessageDigest.isEqual(digest, given);
    }
    if (!known) {
      throw ApiException.unauthorized("Incorrect API key provided.");
    }
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
