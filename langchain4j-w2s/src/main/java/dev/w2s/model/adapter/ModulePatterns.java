// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.adapter;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An object of a config whose keys are patterns of modules: the whole name or its end after a dot,
 * the first one that matches counts, as in PEFT. The patterns are a stranger's, so that matching
 * them has a limit.
 */
final class ModulePatterns {
  private static final Logger LOG = LoggerFactory.getLogger(ModulePatterns.class);

  private static final int MOST_PATTERNS = 1 << 13;
  private static final int MOST_CHARACTERS = 1 << 10;

  /** Looks at a character: four times what 80 layers with a pattern for each module take. */
  private static final long MOST_STEPS = 1L << 27;

  private final JsonFile config;
  private final String key;
  private final Map<String, Pattern> patterns = new LinkedHashMap<>();
  private final Set<String> unused = new LinkedHashSet<>();
  private long steps;

  /** Reads the object under a key, which may be absent. */
  ModulePatterns(JsonFile config, String key) {
    this.config = config;
    this.key = key;
    JsonFile object = config.object(key);
    if (object == null) {
      return;
    }
    if (object.keys().size() > MOST_PATTERNS) {
      throw config.invalid(key, "must have at most " + MOST_PATTERNS + " patterns");
    }
    object.keys().forEach(this::compile);
    unused.addAll(patterns.keySet());
  }

  private void compile(String pattern) {
    if (pattern.length() > MOST_CHARACTERS) {
      throw config.invalid(key, "must have patterns of at most " + MOST_CHARACTERS + " characters");
    }
    try {
      patterns.put(pattern, Pattern.compile("(.*\\.)?(" + pattern + ")"));
    } catch (PatternSyntaxException e) {
      throw config.invalid(
          key, "must have regular expressions; '" + pattern + "': " + e.getDescription());
    }
  }

  /** The key for a module; null where none matches. */
  @Nullable String match(String module) {
    for (Map.Entry<String, Pattern> pattern : patterns.entrySet()) {
      if (pattern.getValue().matcher(new Watched(module)).matches()) {
        unused.remove(pattern.getKey());
        return pattern.getKey();
      }
    }
    return null;
  }

  /** Says which patterns none of the modules that were asked for goes by. */
  void warnOfUnused() {
    if (!unused.isEmpty()) {
      LOG.warn("{}: {} has patterns that decide for no module: {}", config.file(), key, unused);
    }
  }

  /** A text that counts how often it is looked at. */
  private final class Watched implements CharSequence {
    private final String text;

    Watched(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > MOST_STEPS) {
        throw InvalidModelException.in(config.file(), key + " takes too long to match");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
