// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file's content is named by its hash: SHA-256 for what Git LFS keeps; for the rest git's own,
 * the SHA-1 of {@code blob SIZE}, a zero byte and the content. Artifact servers that stand in for
 * the hub name it by the SHA-1 of the content alone.
 */
final class ContentHash {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
  private static final int BUFFER = 1 << 20;

  private ContentHash() {}

  /**
   * Compares a file with its name.
   *
   * @param etag a hash, or anything else, which says nothing
   * @return the hash that the file has instead; null where it is right or nothing is said
   */
  static @Nullable String mismatch(Path file, String etag)
      throws IOException, InterruptedException {
    String expected = etag.toLowerCase(Locale.ROOT);
    Map<String, MessageDigest> digests = new LinkedHashMap<>();
    if (SHA256.matcher(expected).matches()) {
      digests.put("SHA-256 ", digest("SHA-256"));
    } else if (SHA1.matcher(expected).matches()) {
      MessageDigest git = digest("SHA-1");
      git.update(("blob " + Files.size(file) + "\0").getBytes(US_ASCII));
      digests.put("git's SHA-1 ", git);
      digests.put("SHA-1 ", digest("SHA-1"));
    } else {
      return null;
    }
    read(file, digests.values());
    StringBuilder actual = new StringBuilder();
    for (Map.Entry<String, MessageDigest> digest : digests.entrySet()) {
      String hash = HexFormat.of().formatHex(digest.getValue().digest());
      if (hash.equals(expected)) {
        return null;
      }
      actual.append(actual.isEmpty() ? "" : ", ").append(digest.getKey()).append(hash);
    }
    return actual.toString();
  }

  private static void read(Path file, Iterable<MessageDigest> digests)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      int count = in.read(buffer);
      while (count >= 0) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        for (MessageDigest digest : digests) {
          digest.update(buffer, 0, count);
        }
        count = in.read(buffer);
      }
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
