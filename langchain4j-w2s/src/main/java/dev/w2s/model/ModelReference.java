// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * How a model is named everywhere in this project: the path of a Hugging Face directory, or {@code
 * embedded:NAME} for one that a jar on the class path carries under {@code w2s-models/NAME/}.
 *
 * @param text the reference as given
 */
public record ModelReference(String text) {
  private static final String EMBEDDED = "embedded:";
  private static final String HUB = "hf:";
  private static final String WORKING_DIRECTORY = System.getProperty("user.dir", "");

  /**
   * Reads a reference; nothing is looked up yet.
   *
   * @throws InvalidModelException if it is empty or of a kind that is not supported
   */
  public static ModelReference parse(String text) {
    if (text.isBlank()) {
      throw new InvalidModelException(
          "model reference is empty; it must be a directory or embedded:NAME");
    }
    if (text.startsWith(HUB)) {
      throw new InvalidModelException(
          "model reference '" + text + "': downloads are not supported yet; give a directory");
    }
    return new ModelReference(text);
  }

  /**
   * The model's directory; an embedded model is unpacked to the cache of the user first.
   *
   * @throws InvalidModelException if there is none
   */
  public Path resolve() {
    return text.startsWith(EMBEDDED)
        ? new EmbeddedModels(EmbeddedModels.userCache()).unpack(embeddedName())
        : directory();
  }

  /**
   * The model's {@code config.json} alone; of an embedded model nothing is unpacked.
   *
   * @throws InvalidModelException if there is none
   */
  JsonFile config() {
    return text.startsWith(EMBEDDED)
        ? EmbeddedModels.config(embeddedName())
        : JsonFile.read(directory().resolve("config.json"));
  }

  private String embeddedName() {
    return text.substring(EMBEDDED.length());
  }

  private Path directory() {
    try {
      Path directory = Path.of(text);
      if (!Files.isDirectory(directory)) {
        throw new InvalidModelException(
            "model reference '" + text + "' is not a directory" + hint(WORKING_DIRECTORY));
      }
      return directory;
    } catch (InvalidPathException e) {
      throw new InvalidModelException(
          "model reference '" + text + "' is not a path: " + e.getReason() + hint(text), e);
    }
  }

  /** In the C locale, which most containers have, Java cannot spell a path beyond ASCII. */
  private static String hint(String path) {
    Charset locale = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    boolean spelled = locale.newEncoder().canEncode(path) && path.indexOf('\uFFFD') < 0;
    return spelled ? "" : " (the locale cannot spell '" + path + "'; LC_ALL=C.UTF-8 helps)";
  }
}
