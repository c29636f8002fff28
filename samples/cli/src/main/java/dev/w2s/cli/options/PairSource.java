// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.RemoteModel;
import dev.w2s.guidance.RemotePair;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.prompt.PromptOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A pair as it was named, still to be opened.
 *
 * @param tuned a reference, or {@code URL#MODEL}
 * @param untuned the same
 * @param tunedOptions how the tuned model sees a prompt
 * @param untunedOptions how the untuned one does
 * @param tokenizer reference of the tokenizer of a pair with a model behind a server; else null
 * @param apiKey of such a server; null for none
 */
public record PairSource(
    String tuned,
    String untuned,
    PromptOptions tunedOptions,
    PromptOptions untunedOptions,
    @Nullable String tokenizer,
    @Nullable String apiKey) {

  /** Whether a model's name is that of one behind a server. */
  static boolean isRemote(String reference) {
    return reference.startsWith("http://") || reference.startsWith("https://");
  }

  /**
   * A pair with what it is made of.
   *
   * @param pair whose models are there
   */
  public record Opened(Pair pair, Deque<AutoCloseable> owned) implements AutoCloseable {
    @Override
    public void close() {
      closeAll(owned);
    }
  }

  /** Opens it. */
  public Opened open(Placement placement) {
    Deque<AutoCloseable> owned = new ArrayDeque<>();
    try {
      Pair pair = tokenizer == null ? local(placement) : remote(tokenizer, placement, owned);
      owned.push(pair);
      return new Opened(pair, owned);
    } catch (RuntimeException | Error e) {
      closeAll(owned);
      throw e;
    }
  }

  private Pair local(Placement placement) {
    return GuidancePair.builder()
        .tuned(tuned, tunedOptions)
        .untuned(untuned, untunedOptions)
        .placement(placement)
        .load();
  }

  private Pair remote(String directory, Placement placement, Deque<AutoCloseable> owned) {
    TokenizerDirectory shared = TokenizerDirectory.open(directory);
    owned.push(shared);
    RemotePair.Builder builder = RemotePair.builder().tokenizer(shared);
    if (isRemote(tuned)) {
      builder.tuned(model(tuned), tunedOptions);
    } else {
      builder.tuned(model(tuned, placement, owned), tunedOptions);
    }
    if (isRemote(untuned)) {
      builder.untuned(model(untuned), untunedOptions);
    } else {
      builder.untuned(model(untuned, placement, owned), untunedOptions);
    }
    return builder.connect();
  }

  private RemoteModel model(String name) {
    int hash = name.indexOf('#');
    return RemoteModel.builder()
        .baseUrl(name.substring(0, hash))
        .modelName(name.substring(hash + 1))
        .apiKey(apiKey)
        .build();
  }

  private static CausalModel model(
      String reference, Placement placement, Deque<AutoCloseable> owned) {
    CausalModel model = CausalModel.load(reference, placement);
    owned.push(model);
    return model;
  }

  private static void closeAll(Deque<AutoCloseable> owned) {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
