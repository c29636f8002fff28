// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.language.LanguageModel;
import dev.w2s.WeakToStrongLanguageModel.SamplerOpener;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.WeightedPair;
import dev.w2s.model.LocalLanguageModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.ChunkCutter;
import dev.w2s.sampling.LanguageModelSampler;
import dev.w2s.sampling.LocalModelSampler;
import dev.w2s.search.Budget;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link WeakToStrongLanguageModel}; the delegate is required, and a pair to choose by.
 */
public final class WeakToStrongLanguageModelBuilder {
  private @Nullable LanguageModel delegate;
  private final List<WeightedPair> pairs = new ArrayList<>();
  private PromptFormat promptFormat = PromptFormat.raw();
  private SearchSettings settings = SearchSettings.defaults();
  private @Nullable Integer maxTokens;
  private @Nullable Double temperature;
  private @Nullable Integer topK;
  private @Nullable Double topP;
  private @Nullable List<String> stop;
  private @Nullable Long seed;
  private @Nullable ChunkCutter chunkCutter;
  private int concurrency = 1;
  private SearchListener listener = SearchListener.none();

  WeakToStrongLanguageModelBuilder() {}

  /**
   * The frozen large model. The project's own {@link LocalLanguageModel} is sampled in one batch a
   * round; of any other the answer is cut after a chunk's tokens.
   */
  public WeakToStrongLanguageModelBuilder delegate(LanguageModel delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
    return this;
  }

  /** Adds a pair of weight 1. */
  public WeakToStrongLanguageModelBuilder pair(GuidancePair pair) {
    return pair(pair, 1);
  }

  /**
   * Adds a pair; the score is the weighted sum over all pairs.
   *
   * @throws IllegalArgumentException if the weight is zero or not finite
   */
  public WeakToStrongLanguageModelBuilder pair(GuidancePair pair, double weight) {
    pairs.add(new WeightedPair(pair, weight));
    return this;
  }

  /**
   * How the large model sees a prompt, for example {@code Here is a movie review: {{prompt}}}; by
   * default as it is.
   *
   * @throws IllegalArgumentException if the template's only variable is not {@code {{prompt}}}
   */
  public WeakToStrongLanguageModelBuilder promptTemplate(String template) {
    promptFormat = PromptFormat.template(template);
    return this;
  }

  /**
   * W, hypotheses kept after each round; 4 by default.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public WeakToStrongLanguageModelBuilder beamWidth(int beamWidth) {
    return settings(beamWidth, settings.successors(), settings.chunkLength());
  }

  /**
   * K, continuations drawn for each kept hypothesis; 4 by default.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public WeakToStrongLanguageModelBuilder successors(int successors) {
    return settings(settings.beamWidth(), successors, settings.chunkLength());
  }

  /**
   * L, tokens of a chunk; 5 by default. {@link SearchSettings#UNLIMITED} draws whole responses.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public WeakToStrongLanguageModelBuilder chunkLength(int chunkLength) {
    return settings(settings.beamWidth(), settings.successors(), chunkLength);
  }

  private WeakToStrongLanguageModelBuilder settings(
      int beamWidth, int successors, int chunkLength) {
    settings =
        new SearchSettings(
            beamWidth, successors, chunkLength, settings.maxTokens(), settings.budget());
    return this;
  }

  /**
   * Most tokens of the response; by default a local delegate's own limit, else 2048.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public WeakToStrongLanguageModelBuilder maxTokens(int maxTokens) {
    settings = settings.withMaxTokens(maxTokens);
    this.maxTokens = maxTokens;
    return this;
  }

  /** What a search may cost; without limit by default. */
  public WeakToStrongLanguageModelBuilder budget(Budget budget) {
    settings = settings.withBudget(budget);
    return this;
  }

  /** Temperature of a local delegate; by default its own. */
  public WeakToStrongLanguageModelBuilder temperature(double temperature) {
    this.temperature = temperature;
    return this;
  }

  /** Top-k of a local delegate, 0 for all tokens; by default its own. */
  public WeakToStrongLanguageModelBuilder topK(int topK) {
    this.topK = topK;
    return this;
  }

  /** Top-p of a local delegate; by default its own. */
  public WeakToStrongLanguageModelBuilder topP(double topP) {
    this.topP = topP;
    return this;
  }

  /** Seed of a local delegate; by default its own, and a new one for each call if it has none. */
  public WeakToStrongLanguageModelBuilder seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** Texts that end a response and are not part of it; by default a local delegate's own. */
  public WeakToStrongLanguageModelBuilder stop(List<String> stop) {
    this.stop = List.copyOf(stop);
    return this;
  }

  /** Measures chunks of a delegate that is not local; by default the first pair's tokenizer. */
  public WeakToStrongLanguageModelBuilder chunkCutter(ChunkCutter chunkCutter) {
    this.chunkCutter = Objects.requireNonNull(chunkCutter, "chunkCutter");
    return this;
  }

  /**
   * Calls at a time of a delegate that is not local; 1 by default. More need a model that is safe
   * for use by several threads.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public WeakToStrongLanguageModelBuilder concurrency(int concurrency) {
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + "; it must be at least 1");
    }
    this.concurrency = concurrency;
    return this;
  }

  /** Is told of every round of every search, on the searching thread. */
  public WeakToStrongLanguageModelBuilder listener(SearchListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Builds the model.
   *
   * @throws IllegalArgumentException if the delegate is missing; if there is no pair although there
   *     is something to choose; if a sampling parameter is set that the delegate cannot be given
   */
  public WeakToStrongLanguageModel build() {
    if (delegate == null) {
      throw new IllegalArgumentException("delegate is missing; it must be given");
    }
    if (pairs.isEmpty() && settings.isGuided()) {
      throw new IllegalArgumentException(
          "pair is missing; with beamWidth %d and successors %d there must be one to choose by"
              .formatted(settings.beamWidth(), settings.successors()));
    }
    boolean local = delegate instanceof LocalLanguageModel;
    return new WeakToStrongLanguageModel(
        delegate instanceof LocalLanguageModel model ? local(model) : remote(delegate),
        pairs,
        promptFormat,
        local && maxTokens == null
            ? settings.withMaxTokens(((LocalLanguageModel) delegate).maxTokens())
            : settings,
        listener);
  }

  private SamplerOpener local(LocalLanguageModel model) {
    SamplingParameters own = model.sampling();
    SamplingParameters parameters =
        new SamplingParameters(
            temperature != null ? temperature : own.temperature(),
            topK != null ? topK : own.topK(),
            topP != null ? topP : own.topP(),
            stop != null ? stop : own.stop());
    Long fixedSeed = seed != null ? seed : model.seed();
    return prompt ->
        new LocalModelSampler(
            model.model(),
            prompt,
            parameters,
            fixedSeed != null ? fixedSeed : ThreadLocalRandom.current().nextLong());
  }

  private SamplerOpener remote(LanguageModel model) {
    rejectForRemote("temperature", temperature);
    rejectForRemote("topK", topK);
    rejectForRemote("topP", topP);
    rejectForRemote("seed", seed);
    ChunkCutter cutter = chunkCutter != null ? chunkCutter : defaultCutter();
    List<String> stops = stop != null ? stop : List.of();
    int calls = concurrency;
    return prompt -> new LanguageModelSampler(model, prompt.text(), cutter, stops, calls);
  }

  /** A LangChain4j language model takes no parameters with a call; nothing is silently ignored. */
  private void rejectForRemote(String name, @Nullable Object value) {
    if (value != null) {
      throw new IllegalArgumentException(
          "%s is %s; a delegate of type %s takes none with a call, so set it there"
              .formatted(name, value, Objects.requireNonNull(delegate).getClass().getName()));
    }
  }

  private ChunkCutter defaultCutter() {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("chunkCutter is missing; without a pair it must be given");
    }
    return ChunkCutter.of(pairs.get(0).pair().tokenizer());
  }
}
