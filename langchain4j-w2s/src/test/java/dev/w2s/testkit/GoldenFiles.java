// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The golden data: what Hugging Face transformers computes, and the tiny models that it computed it
 * with; {@code golden/README.md} explains both. Readable from the test-jar as well.
 */
public final class GoldenFiles {
  private static final String ROOT = "/golden/";

  private GoldenFiles() {}

  /**
   * The rows under a key of a golden file.
   *
   * @param file as in {@code scores.json}
   */
  public static List<JsonNode> rows(String file, String key) {
    List<JsonNode> rows = new ArrayList<>();
    file(file).required(key).forEach(rows::add);
    return rows;
  }

  /**
   * A golden file.
   *
   * @param file as in {@code scores.json}
   */
  public static JsonNode file(String file) {
    try (InputStream in = GoldenFiles.class.getResourceAsStream(ROOT + file)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The directory of a tiny model; a copy under the same name where the model lies in a jar.
   *
   * @param name as in {@code models/gpt2-odd}
   */
  public static Path directory(String name) {
    try {
      URL url = Objects.requireNonNull(GoldenFiles.class.getResource(ROOT + name), name);
      URI uri = url.toURI();
      return uri.getScheme().equals("jar") ? copy(uri, name) : Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copy(URI jar, String name) throws IOException {
    Path parent = Files.createTempDirectory("w2s-golden-");
    parent.toFile().deleteOnExit();
    // Messages name a model by its directory, so the copy keeps the name.
    Path target = Files.createDirectory(parent.resolve(Path.of(name).getFileName()));
    target.toFile().deleteOnExit();
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
        Stream<Path> all = Files.list(files.getPath(ROOT + name))) {
      for (Path file : all.toList()) {
        Path copy = target.resolve(file.getFileName().toString());
        Files.copy(file, copy);
        copy.toFile().deleteOnExit();
      }
    }
    return target;
  }
}
