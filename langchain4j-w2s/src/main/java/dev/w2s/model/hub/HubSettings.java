// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.UserHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the hub and the cache are, by the variables that Hugging Face's own tools go by.
 *
 * @param endpoint address of the hub, without a slash at its end
 * @param cache folder of the repositories
 * @param token what the hub knows the user by; null for nobody
 * @param offline whether nothing may be connected to
 */
public record HubSettings(URI endpoint, Path cache, @Nullable String token, boolean offline) {
  private static final String ENDPOINT = "HF_ENDPOINT";
  private static final String HUB = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /** Anything else could not be a header's value, and the error would show it. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  /**
   * The settings of this process: variables of the environment, each of which gives way to the
   * system property of its name in small letters with dots, as in {@code hf.hub.offline}.
   *
   * @throws InvalidModelException if one of them cannot be what it should
   */
  public static HubSettings current() {
    return of(HubSettings::ofProcess, UserHome.find());
  }

  private static @Nullable String ofProcess(String variable) {
    String property = variable.toLowerCase(Locale.ROOT).replace('_', '.');
    return System.getProperty(property, System.getenv(variable));
  }

  /**
   * The settings by variables.
   *
   * @param variables null where one is absent; an empty one counts as absent
   * @throws InvalidModelException if one of them cannot be what it should
   */
  static HubSettings of(Variables variables, Path userHome) {
    Reader reader = new Reader(variables, userHome);
    Path home = reader.home();
    String offline = reader.first("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE");
    return new HubSettings(
        reader.endpoint(),
        reader.cache(home),
        reader.token(home),
        offline != null && TRUE.contains(offline.toUpperCase(Locale.ROOT)));
  }

  /** Whether an address is the hub's own, so that the token may be shown there. */
  boolean isHub(URI address) {
    return origin(address).equals(origin(endpoint));
  }

  private static String origin(URI address) {
    String scheme = address.getScheme().toLowerCase(Locale.ROOT);
    int standard = scheme.equals("https") ? 443 : 80;
    int port = address.getPort() < 0 ? standard : address.getPort();
    return scheme + "://" + address.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "HubSettings[endpoint=%s, cache=%s, token=%s, offline=%s]"
        .formatted(endpoint, cache, token == null ? "none" : "set", offline);
  }

  /** Values by the names of variables. */
  @FunctionalInterface
  interface Variables {
    @Nullable String get(String name);
  }

  private record Reader(Variables variables, Path userHome) {

    @Nullable String first(String... names) {
      for (String name : names) {
        String value = variables.get(name);
        if (value != null && !value.isBlank()) {
          return value.strip();
        }
      }
      return null;
    }

    URI endpoint() {
      String value = first(ENDPOINT);
      String text = (value == null ? HUB : value).replaceFirst("/+$", "");
      try {
        URI uri = URI.create(text);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
          return uri;
        }
      } catch (IllegalArgumentException e) {
        throw new InvalidModelException(ENDPOINT + " is no address", e);
      }
      throw new InvalidModelException(
          ENDPOINT
              + " must be an address like "
              + HUB
              + ": http or https and a host, no user and no query; a token goes into HF_TOKEN");
    }

    Path home() {
      Path set = path("HF_HOME");
      if (set != null) {
        return set;
      }
      Path caches = path("XDG_CACHE_HOME");
      return (caches == null ? userHome.resolve(".cache") : caches).resolve("huggingface");
    }

    Path cache(Path home) {
      Path set = path("HF_HUB_CACHE");
      Path old = set == null ? path("HUGGINGFACE_HUB_CACHE") : set;
      return (old == null ? home.resolve("hub") : old).toAbsolutePath();
    }

    @Nullable String token(Path home) {
      String name = first("HF_TOKEN") == null ? "HUGGING_FACE_HUB_TOKEN" : "HF_TOKEN";
      String value = first(name);
      if (value != null) {
        return checked(name, value);
      }
      Path set = path("HF_TOKEN_PATH");
      Path file = set == null ? home.resolve("token") : set;
      try {
        String text = Files.readString(file).strip();
        return text.isEmpty() ? null : checked(file.toString(), text);
      } catch (NoSuchFileException e) {
        return null;
      } catch (IOException e) {
        throw InvalidModelException.unreadable(file, e);
      }
    }

    private static String checked(String source, String token) {
      if (!TOKEN.matcher(token).matches()) {
        throw new InvalidModelException(
            "the token of " + source + " holds a space, a line's end or a character beyond ASCII");
      }
      return token;
    }

    /** What a shell would have made of "~" often arrives unchanged from a container's settings. */
    private @Nullable Path path(String name) {
      String value = first(name);
      if (value == null) {
        return null;
      }
      try {
        boolean inHome = value.equals("~") || value.startsWith("~/");
        return inHome
            ? userHome.resolve(value.substring(1).replaceFirst("^/+", ""))
            : Path.of(value);
      } catch (InvalidPathException e) {
        throw new InvalidModelException(name + " is '" + value + "', which is no path", e);
      }
    }
  }
}
