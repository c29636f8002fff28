// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.text.ModelTokenizer;
import java.util.List;

/**
 * A tokenizer whose model runs elsewhere: {@code tokenizer.json}, {@code tokenizer_config.json},
 * and {@code generation_config.json} and {@code config.json} as far as they are there.
 *
 * @param tokenizer closed with this
 * @param eosTokens ids of the tokens that end a response; empty where no file names one
 */
public record TokenizerDirectory(ModelTokenizer tokenizer, List<Integer> eosTokens)
    implements AutoCloseable {

  /** Copies the list. */
  public TokenizerDirectory {
    eosTokens = List.copyOf(eosTokens);
  }

  /**
   * Reads a directory, which need not hold weights.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @throws InvalidModelException if a file is missing or damaged
   */
  public static TokenizerDirectory open(String reference) {
    ModelFolder folder = StoredModel.findTokenizer(reference);
    int vocabulary =
        folder
            .jsonOrEmpty("config.json")
            .integer("vocab_size", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    ModelTokenizer tokenizer = ModelTokenizer.load(folder, vocabulary);
    try {
      return new TokenizerDirectory(tokenizer, EosTokens.read(folder, tokenizer, vocabulary).ids());
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
