// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.w2s.guidance.Guide;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.sampling.SamplingRequest;
import dev.w2s.search.Budget;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all decorators take: guides, search and sampling. Null stands for the
 * default. The order of the setters does not matter: what depends on several of them is checked
 * when the model is built.
 *
 * @param <B> the builder itself
 */
public abstract class GuidanceBuilder<B extends GuidanceBuilder<B>> {
  private final List<WeightedGuide> guides = new ArrayList<>();
  private @Nullable Pair firstPair;
  private @Nullable SearchSettings settings;
  private BeamOverride beam = BeamOverride.NONE;
  private @Nullable Integer maxTokens;
  private @Nullable Budget budget;
  private @Nullable Guard guard;
  private @Nullable Double temperature;
  private @Nullable Integer topK;
  private @Nullable Double topP;
  private @Nullable List<String> stop;
  private @Nullable Long seed;
  private final List<SearchListener> listeners = new ArrayList<>();
  private BooleanSupplier guidedWhile = () -> true;

  GuidanceBuilder() {}

  abstract B self();

  /** Adds a pair of weight 1, named {@code pair-1}, {@code pair-2} and so on. */
  public B pair(Pair pair) {
    return pair(pair, 1);
  }

  /**
   * Adds a pair, named {@code pair-1}, {@code pair-2} and so on; the score is the weighted sum over
   * all guides.
   *
   * @throws IllegalArgumentException if the weight is zero or not finite
   */
  public B pair(Pair pair, double weight) {
    return guide("pair-" + (guides.size() + 1), pair, weight);
  }

  /**
   * Adds a guide; the score is the weighted sum over all guides. Of pairs the first one's tokenizer
   * measures texts where nothing else does; it is not asked for before a call needs it.
   *
   * @param name tells it from others
   * @throws IllegalArgumentException if the name is blank, or the weight zero or not finite
   */
  public B guide(String name, Guide guide, double weight) {
    guides.add(new WeightedGuide(name, guide, weight));
    if (firstPair == null && guide instanceof Pair pair) {
      firstPair = pair;
    }
    return self();
  }

  /**
   * The search to start from; by default {@link SearchSettings#defaults()}. Single values set here
   * take precedence.
   */
  public B settings(@Nullable SearchSettings settings) {
    this.settings = settings;
    return self();
  }

  /** W, hypotheses kept after each round; 4 by default. */
  public B beamWidth(@Nullable Integer beamWidth) {
    beam = beam.withBeamWidth(beamWidth);
    return self();
  }

  /** K, continuations drawn for each kept hypothesis; 4 by default. */
  public B successors(@Nullable Integer successors) {
    beam = beam.withSuccessors(successors);
    return self();
  }

  /** L, tokens of a chunk; 5 by default. {@link SearchSettings#UNLIMITED} draws whole responses. */
  public B chunkLength(@Nullable Integer chunkLength) {
    beam = beam.withChunkLength(chunkLength);
    return self();
  }

  /**
   * Tokens behind the head of the beam at which it commits to its best hypothesis, so that a stream
   * brings text sooner, at the cost of what would have come from behind; 0 for at once, never by
   * default. See {@link dev.w2s.search.ChunkBeam}.
   */
  public B commitLag(@Nullable Integer commitLag) {
    beam = beam.withCommitLag(commitLag);
    return self();
  }

  /**
   * Most tokens of the response; by default that of the settings where they are given, else the
   * large model's own where it is known, else {@link SearchSettings#DEFAULT_MAX_TOKENS}.
   */
  public B maxTokens(@Nullable Integer maxTokens) {
    this.maxTokens = maxTokens;
    return self();
  }

  /** What a search may cost; without limit by default. */
  public B budget(@Nullable Budget budget) {
    this.budget = budget;
    return self();
  }

  /**
   * What chooses among the hypotheses of a round; by default their scores alone, as in the paper.
   * {@link dev.w2s.search.guard.TrustRegion} keeps a search from harm where scores are wrong.
   */
  public B guard(@Nullable Guard guard) {
    this.guard = guard;
    return self();
  }

  /** Temperature of the large model; by default its own. */
  public B temperature(@Nullable Double temperature) {
    this.temperature = temperature;
    return self();
  }

  /** Top-k of the large model, 0 for all tokens; by default its own. */
  public B topK(@Nullable Integer topK) {
    this.topK = topK;
    return self();
  }

  /** Top-p of the large model; by default its own. */
  public B topP(@Nullable Double topP) {
    this.topP = topP;
    return self();
  }

  /** Texts that end a response and are not part of it; by default the large model's own. */
  public B stop(@Nullable List<String> stop) {
    this.stop = stop;
    return self();
  }

  /** Seed of the large model; by default its own, and a new one for each call if it has none. */
  public B seed(@Nullable Long seed) {
    this.seed = seed;
    return self();
  }

  /**
   * Adds a listener. It is told of every round of every search, on the searching thread; what it
   * throws is logged and ignored.
   */
  public B listener(SearchListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return self();
  }

  /**
   * A switch, asked once for each call: while it is false the large model answers alone, by one
   * draw and without any guide. On by default.
   */
  public B guidedWhile(BooleanSupplier guidedWhile) {
    this.guidedWhile = requireNonNull(guidedWhile, "guidedWhile");
    return self();
  }

  BooleanSupplier guidedWhile() {
    return guidedWhile;
  }

  SearchListener listener() {
    return new Listeners(List.copyOf(listeners));
  }

  @Nullable Pair firstPair() {
    return firstPair;
  }

  /** Most tokens of the response as set here, alone or in settings; null where they are not. */
  @Nullable Integer ownMaxTokens() {
    return maxTokens == null && settings != null
        ? Integer.valueOf(settings.maxTokens())
        : maxTokens;
  }

  /** What is set in the large model's own builder, or has no meaning with it. */
  static void refuse(String option, @Nullable Object value, Object large) {
    if (value != null) {
      throw new IllegalArgumentException(
          "%s is %s; beside a largeModel, %s, it must not be given"
              .formatted(option, value, large.getClass().getName()));
    }
  }

  SamplingRequest samplingRequest() {
    return new SamplingRequest(temperature, topK, topP, stop, seed, null, null);
  }

  /**
   * All settings and guides as one value.
   *
   * @param ownLimit most tokens of a response where nobody says otherwise; null where the large
   *     model has no limit of its own
   * @throws IllegalArgumentException if they do not fit each other
   */
  Guidance guidance(@Nullable Integer ownLimit) {
    SearchSettings base = settings != null ? settings : withLimit(ownLimit);
    SearchSettings whole =
        new SearchSettings(
            base.method(),
            requireNonNullElse(maxTokens, base.maxTokens()),
            requireNonNullElse(budget, base.budget()),
            requireNonNullElse(guard, base.guard()));
    return new Guidance(beam.over(whole), guides);
  }

  private static SearchSettings withLimit(@Nullable Integer ownLimit) {
    SearchSettings defaults = SearchSettings.defaults();
    return defaults.withMaxTokens(requireNonNullElse(ownLimit, defaults.maxTokens()));
  }
}
