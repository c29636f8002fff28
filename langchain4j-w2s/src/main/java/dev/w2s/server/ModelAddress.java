// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

/**
 * A model behind a server, written {@code URL#MODEL}.
 *
 * @param baseUrl as {@link ServerAddress} takes it
 * @param modelName as the server calls it
 */
public record ModelAddress(String baseUrl, String modelName) {

  /** Whether a model's name is that of one behind a server. */
  public static boolean isOne(String reference) {
    return reference.startsWith("http://") || reference.startsWith("https://");
  }

  /**
   * Reads one; nothing is sent.
   *
   * @throws IllegalArgumentException if it is not written so, or the URL is wrong
   */
  public static ModelAddress parse(String reference) {
    int hash = reference.indexOf('#');
    if (!isOne(reference) || hash < 0 || hash == reference.length() - 1) {
      throw new IllegalArgumentException(
          "'" + reference + "' is no model behind a server; one is named URL#MODEL");
    }
    String url = new ServerAddress(reference.substring(0, hash)).baseUrl();
    return new ModelAddress(url, reference.substring(hash + 1));
  }
}
