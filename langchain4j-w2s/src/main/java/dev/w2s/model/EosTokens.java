// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.text.ModelTokenizer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that end a response. Drawing any of them ends it, so the probability that a response
 * ends is the sum of theirs.
 *
 * @param ids each once; empty when no file names any
 */
record EosTokens(List<Integer> ids) {
  private static final Logger LOG = LoggerFactory.getLogger(EosTokens.class);
  private static final String KEY = "eos_token_id";

  EosTokens {
    ids = ids.stream().distinct().toList();
  }

  /**
   * Reads them from {@code generation_config.json}, else from the tokenizer, else from {@code
   * config.json}. Ids that the model does not have, which files carry over from their makers'
   * defaults, do not count; where none is left the next source speaks.
   *
   * @param vocabulary how many token ids the model knows
   */
  static EosTokens read(ModelFolder folder, ModelTokenizer tokenizer, int vocabulary) {
    List<Integer> generation = known(folder.jsonOrEmpty("generation_config.json"), vocabulary);
    if (!generation.isEmpty()) {
      return new EosTokens(generation);
    }
    Integer named = tokenizer.eosToken();
    return new EosTokens(
        named != null ? List.of(named) : known(folder.jsonOrEmpty("config.json"), vocabulary));
  }

  private static List<Integer> known(JsonFile config, int vocabulary) {
    List<Long> named = config.wholeNumbers(KEY);
    List<Integer> known =
        named.stream().filter(id -> id >= 0 && id < vocabulary).map(Long::intValue).toList();
    if (known.size() < named.size()) {
      LOG.warn(
          "{}: {} is {}; ids outside of the model's {} tokens do not count",
          config.file(),
          KEY,
          named,
          vocabulary);
    }
    return known;
  }

  boolean contains(int token) {
    return ids.contains(token);
  }
}
