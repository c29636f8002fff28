// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.adapter;

import dev.w2s.model.files.ModelFolder;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The small files of an adapted model: those of the base, but for a tokenizer, a chat template or
 * ending tokens that were saved with the adapter. A tokenizer's files belong together, so that an
 * adapter that has one has all of them.
 */
public final class AdapterFolder implements ModelFolder {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String TEMPLATE = "chat_template.jinja";
  private static final String TEMPLATES = "additional_chat_templates";
  private static final Set<String> TOKENIZER_FILES =
      Set.of(TOKENIZER, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json");

  private final ModelFolder adapter;
  private final ModelFolder base;
  private final boolean ownTokenizer;
  private final boolean ownTemplate;

  /** Lays an adapter's files over the base's. */
  public AdapterFolder(ModelFolder adapter, ModelFolder base) {
    this.adapter = adapter;
    this.base = base;
    ownTokenizer = adapter.find(TOKENIZER) != null;
    ownTemplate =
        ownTokenizer || adapter.find(TEMPLATE) != null || adapter.holdsAny(TEMPLATES, ".jinja");
  }

  @Override
  public Path path() {
    return adapter.path();
  }

  @Override
  public Path file(String name) {
    return of(name).file(name);
  }

  @Override
  public byte @Nullable [] find(String name) {
    return of(name).find(name);
  }

  @Override
  public boolean holdsAny(String folder, String ending) {
    return (ownTemplate ? adapter : base).holdsAny(folder, ending);
  }

  private ModelFolder of(String name) {
    boolean own;
    if (TOKENIZER_FILES.contains(name)) {
      own = ownTokenizer;
    } else if (name.equals(TEMPLATE) || name.startsWith(TEMPLATES)) {
      own = ownTemplate;
    } else {
      own = name.equals("generation_config.json") && adapter.find(name) != null;
    }
    return own ? adapter : base;
  }
}
