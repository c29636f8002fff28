// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.PlainFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds a model's chat template. Newer directories have it in files: {@code chat_template.jinja},
 * and others by name in {@code additional_chat_templates}; where there is one file, the entry in
 * {@code tokenizer_config.json} does not count.
 */
final class ChatTemplateFinder {
  private static final String DEFAULT = "default";
  private static final String EXTENSION = ".jinja";

  private ChatTemplateFinder() {}

  /** The template called "default" or the only one; null where there is none. */
  static @Nullable String read(Path directory, JsonFile config) {
    Path file = directory.resolve("chat_template" + EXTENSION);
    Path folder = directory.resolve("additional_chat_templates");
    Path named = folder.resolve(DEFAULT + EXTENSION);
    if (isThere(named)) {
      return PlainFiles.readText(named);
    }
    if (isThere(file)) {
      return PlainFiles.readText(file);
    }
    return holdsTemplates(folder) ? null : inConfig(config);
  }

  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean holdsTemplates(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + EXTENSION)) {
      return files.iterator().hasNext();
    } catch (IOException e) {
      throw InvalidModelException.unreadable(folder, e);
    }
  }

  private static @Nullable String inConfig(JsonFile config) {
    JsonNode value = config.find("chat_template");
    if (value != null && value.isArray()) {
      for (JsonNode named : value) {
        if (named.path("name").asText().equals(DEFAULT)) {
          return named.path("template").asText();
        }
      }
      return null;
    }
    return config.text("chat_template");
  }
}
