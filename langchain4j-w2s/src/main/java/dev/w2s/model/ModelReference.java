// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.gguf.GgufFolder;
import dev.w2s.model.hub.HubModels;
import dev.w2s.model.hub.HubReference;
import dev.w2s.model.hub.HubSettings;
import dev.w2s.model.hub.Part;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * How a model is named everywhere in this project: the path of a Hugging Face directory or of a
 * GGUF file (one that ends in {@code .gguf}), {@code embedded:NAME} for one that a jar on the class
 * path carries under {@code w2s-models/NAME/}, or {@code hf:ORG/NAME[@REVISION]} for one that is
 * downloaded from a Hugging Face hub.
 *
 * @param text the reference as given
 */
public record ModelReference(String text) {
  private static final String EMBEDDED = "embedded:";
  private static final String GGUF = ".gguf";
  private static final String WORKING_DIRECTORY = System.getProperty("user.dir", "");

  /**
   * Reads a reference; nothing is looked up yet.
   *
   * @throws InvalidModelException if it is empty, or of a hub and no repository or no revision
   */
  public static ModelReference parse(String text) {
    if (text.isBlank()) {
      throw new InvalidModelException(
          "model reference is empty; it must be a directory, a .gguf file, embedded:NAME or"
              + " hf:ORG/NAME");
    }
    if (text.startsWith(HubReference.PREFIX)) {
      HubReference.parse(text);
    }
    return new ModelReference(text);
  }

  /**
   * The model's directory or GGUF file; an embedded model is unpacked to the cache of the user
   * first, and what is missing of a hub's is downloaded.
   *
   * @throws InvalidModelException if there is none
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while a model
   *     is downloaded
   */
  public Path resolve() {
    return resolve(Part.WHOLE);
  }

  /**
   * A directory with the files of the model's tokenizer, which need not hold its weights: of a
   * hub's model these are not downloaded. Otherwise as {@link #resolve}.
   */
  public Path resolveTokenizer() {
    return resolve(Part.TOKENIZER);
  }

  /** A directory with what tells the kind of the model. */
  Path resolveConfig() {
    return resolve(Part.CONFIG);
  }

  private Path resolve(Part part) {
    if (text.startsWith(HubReference.PREFIX)) {
      return new HubModels(HubSettings.current()).resolve(HubReference.parse(text), part);
    }
    return isEmbedded(text)
        ? new EmbeddedModels(EmbeddedModels.userCache()).unpack(embeddedName())
        : directory();
  }

  /**
   * The model's {@code config.json} alone: of an embedded model nothing is unpacked, and of a hub's
   * nothing else is downloaded.
   *
   * @throws InvalidModelException if there is none
   */
  JsonFile config() {
    return isEmbedded(text)
        ? EmbeddedModels.config(embeddedName())
        : folder(resolveConfig()).json("config.json");
  }

  /** The small files of what was resolved. */
  static ModelFolder folder(Path path) {
    return isGguf(path) ? GgufFolder.open(path) : ModelFolder.of(path);
  }

  private static boolean isGguf(Path path) {
    return path.toString().endsWith(GGUF);
  }

  /** Whether a text names an embedded model. */
  static boolean isEmbedded(String text) {
    return text.startsWith(EMBEDDED);
  }

  private String embeddedName() {
    return text.substring(EMBEDDED.length());
  }

  private Path directory() {
    try {
      Path directory = Path.of(text);
      if (isGguf(directory)) {
        return requireFile(directory);
      }
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

  private Path requireFile(Path file) {
    if (Files.isDirectory(file)) {
      throw new InvalidModelException(
          "model reference '" + text + "' is a directory; a name in .gguf must be that of a file");
    }
    if (!Files.exists(file)) {
      throw new InvalidModelException(
          "model reference '" + text + "': no such file" + hint(WORKING_DIRECTORY));
    }
    return file;
  }

  /** In the C locale, which most containers have, Java cannot spell a path beyond ASCII. */
  private static String hint(String path) {
    Charset locale = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    boolean spelled = locale.newEncoder().canEncode(path) && path.indexOf('\uFFFD') < 0;
    return spelled ? "" : " (the locale cannot spell '" + path + "'; LC_ALL=C.UTF-8 helps)";
  }
}
