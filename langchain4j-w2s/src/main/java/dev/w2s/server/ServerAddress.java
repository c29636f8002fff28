// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how it lets one in.
 *
 * @param baseUrl as LangChain4j takes it, ending in {@code /v1} with most servers; without a slash
 *     at its end
 * @param apiKey sent as bearer token; null for none
 * @param headers sent with every request
 */
public record ServerAddress(String baseUrl, @Nullable String apiKey, Map<String, String> headers) {
  private static final String VERSION = "/v1";

  /**
   * Checks and copies the components.
   *
   * @throws IllegalArgumentException if the URL is none of http or https, or has a query or a
   *     fragment, or the key holds what no header can; the message does not hold the key
   */
  public ServerAddress {
    requireNonNull(baseUrl, "baseUrl");
    headers = Map.copyOf(headers);
    URI uri = parse(baseUrl);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!Set.of("http", "https").contains(scheme) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "baseUrl is '" + baseUrl + "'; it must begin with http:// or https:// and name a host");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "baseUrl is '" + baseUrl + "'; it must have no user, query or fragment");
    }
    if (apiKey != null && apiKey.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "apiKey holds a character that no header can; it must be visible ASCII");
    }
    baseUrl = baseUrl.replaceAll("/+$", "");
  }

  /** A server that lets everybody in. */
  public ServerAddress(String baseUrl) {
    this(baseUrl, null, Map.of());
  }

  private static URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("baseUrl is '" + url + "'; it is no URL", e);
    }
  }

  /** Whether the connection is encrypted. */
  public boolean isSecure() {
    return baseUrl.toLowerCase(Locale.ROOT).startsWith("https:");
  }

  /** The address of something below the base. */
  public URI below(String path) {
    return URI.create(baseUrl + path);
  }

  /** The address of something beside the base, where servers keep what is not OpenAI's. */
  public URI beside(String path) {
    boolean versioned = baseUrl.endsWith(VERSION);
    String root = versioned ? baseUrl.substring(0, baseUrl.length() - VERSION.length()) : baseUrl;
    return URI.create(root + path);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return baseUrl;
  }
}
