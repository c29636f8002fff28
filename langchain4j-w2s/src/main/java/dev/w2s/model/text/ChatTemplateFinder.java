// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import org.jspecify.annotations.Nullable;

/**
 * Finds a model's chat template. Newer directories have it in files: {@code chat_template.jinja},
 * and others by name in {@code additional_chat_templates}; where there is one file, the entry in
 * {@code tokenizer_config.json} does not count.
 */
final class ChatTemplateFinder {
  private static final String DEFAULT = "default";
  private static final String EXTENSION = ".jinja";
  private static final String FOLDER = "additional_chat_templates";

  private ChatTemplateFinder() {}

  /** The template called "default" or the only one; null where there is none. */
  static @Nullable String read(ModelFolder folder, JsonFile config) {
    String named = folder.text(FOLDER + "/" + DEFAULT + EXTENSION);
    if (named != null) {
      return named;
    }
    String only = folder.text("chat_template" + EXTENSION);
    if (only != null) {
      return only;
    }
    return folder.holdsAny(FOLDER, EXTENSION) ? null : inConfig(config);
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
