// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNull;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.Placement;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.server.ModelAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A pair by the names of what it is made of, as a configuration has it: each model in this process
 * or behind a server.
 *
 * @param tuned reference of the tuned model, or {@code URL#MODEL}
 * @param untuned the same of the model it was tuned from
 * @param tunedOptions how the tuned model sees a prompt
 * @param untunedOptions how the untuned one does
 * @param placement device and type of models in this process
 * @param tokenizer reference of the pair's tokenizer, with a model behind a server; else null
 * @param apiKey of such a server; null for none
 */
public record PairSource(
    String tuned,
    String untuned,
    PromptOptions tunedOptions,
    PromptOptions untunedOptions,
    Placement placement,
    @Nullable String tokenizer,
    @Nullable String apiKey) {

  /**
   * Checks what the names say by themselves; nothing is looked up.
   *
   * @throws IllegalArgumentException if a model behind a server is not named {@code URL#MODEL}, or
   *     there is one and no tokenizer, or a tokenizer or a key and no such model; the message
   *     begins with the component's name
   */
  public PairSource {
    requireAddress("tuned", tuned);
    requireAddress("untuned", untuned);
    boolean remote = ModelAddress.isOne(tuned) || ModelAddress.isOne(untuned);
    if (remote && tokenizer == null) {
      throw new IllegalArgumentException(
          "tokenizer is missing; with a model of the pair behind a server it must be given");
    }
    if (!remote && tokenizer != null) {
      throw new IllegalArgumentException(
          "tokenizer is '%s'; without a model behind a server it has no meaning"
              .formatted(tokenizer));
    }
    if (!remote && apiKey != null) {
      throw new IllegalArgumentException(
          "apiKey is given; without a model behind a server it has no meaning");
    }
  }

  private static void requireAddress(String component, String reference) {
    if (ModelAddress.isOne(reference)) {
      try {
        ModelAddress.parse(reference);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(component + " is " + e.getMessage(), e);
      }
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return tuned + " against " + untuned;
  }

  /**
   * Loads what is in this process and asks the servers.
   *
   * @return owns all that was loaded
   * @throws dev.w2s.model.files.InvalidModelException if a model is missing or damaged, or the two
   *     do not make a pair
   * @throws dev.w2s.server.ServerException if a server cannot be reached, or does not tell
   *     log-probabilities of prompts
   * @throws IllegalArgumentException if the device is not there, or options do not fit
   */
  public Pair open() {
    return open(null);
  }

  /**
   * Loads a pair whose models are both in this process.
   *
   * @return owns them
   * @throws IllegalStateException if one is behind a server
   * @throws dev.w2s.model.files.InvalidModelException if a model is missing or damaged, or the two
   *     do not make a pair
   * @throws IllegalArgumentException if the device is not there, or options do not fit
   */
  public GuidancePair load() {
    if (tokenizer != null) {
      throw new IllegalStateException(this + " is behind a server; it cannot be loaded");
    }
    return local(null);
  }

  /**
   * Does what {@link #open()} does with models that stay their source's.
   *
   * @param models gives those in this process
   * @throws RuntimeException as {@link #open()} does
   */
  public Pair openWith(ModelSource models) {
    return open(requireNonNull(models, "models"));
  }

  private Pair open(@Nullable ModelSource models) {
    return tokenizer == null ? local(models) : remote(tokenizer, models);
  }

  private GuidancePair local(@Nullable ModelSource models) {
    GuidancePair.Builder builder =
        GuidancePair.builder()
            .tuned(tuned, tunedOptions)
            .untuned(untuned, untunedOptions)
            .placement(placement);
    return (models == null ? builder : builder.models(models)).load();
  }

  private Pair remote(String directory, @Nullable ModelSource models) {
    Deque<AutoCloseable> owned = new ArrayDeque<>();
    try {
      TokenizerDirectory shared = TokenizerDirectory.open(directory);
      owned.push(shared);
      RemotePair.Builder builder = RemotePair.builder().tokenizer(shared);
      if (ModelAddress.isOne(tuned)) {
        builder.tuned(served(tuned), tunedOptions);
      } else {
        builder.tuned(loaded(tuned, models, owned), tunedOptions);
      }
      if (ModelAddress.isOne(untuned)) {
        builder.untuned(served(untuned), untunedOptions);
      } else {
        builder.untuned(loaded(untuned, models, owned), untunedOptions);
      }
      return new Owning(builder.connect(), owned);
    } catch (RuntimeException | Error e) {
      closeAll(owned);
      throw e;
    }
  }

  private RemoteModel served(String name) {
    return RemoteModel.builder().model(ModelAddress.parse(name)).apiKey(apiKey).build();
  }

  private CausalModel loaded(
      String reference, @Nullable ModelSource models, Deque<AutoCloseable> owned) {
    if (models != null) {
      try (ModelFiles files = ModelFiles.read(reference)) {
        return models.languageModel(files, placement);
      }
    }
    CausalModel model = CausalModel.load(reference, placement);
    owned.push(model);
    return model;
  }

  /** Closes all, whatever one of them throws. */
  private static void closeAll(Deque<AutoCloseable> owned) {
    if (owned.isEmpty()) {
      return;
    }
    try {
      owned.pop().close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      closeAll(owned);
    }
  }

  /** A pair that closes what it is made of. */
  private record Owning(Pair pair, Deque<AutoCloseable> owned) implements Pair {
    @Override
    public PairSession openSession(Prompt prompt) {
      return pair.openSession(prompt);
    }

    @Override
    public ModelTokenizer tokenizer() {
      return pair.tokenizer();
    }

    @Override
    public void close() {
      closeAll(owned);
    }
  }
}
