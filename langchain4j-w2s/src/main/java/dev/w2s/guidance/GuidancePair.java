// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNull;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.Steering;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pair of small models in this process.
 *
 * <p>The tuned model may be an adapter (LoRA) over the untuned one: their weights are held once,
 * and both streams run in one batch. Several adapters over one model make {@linkplain #adapted
 * several pairs}.
 *
 * <p>One model under two prompts makes a pair as well, {@linkplain #prompted(String, String,
 * String) prompted}: what it finds likelier under the wanted words than under their opposite is
 * wanted. Its weights are held once, and both streams run in one batch.
 *
 * <p>Holds the native memory of the models that it loaded until it is closed, which comes after the
 * searches that use it. Safe for use by several threads.
 */
public final class GuidancePair implements Pair {
  private final PairSide tuned;
  private final PairSide untuned;
  private final PairCheck check;
  private final List<CausalModel> owned;

  private GuidancePair(PairSide tuned, PairSide untuned, PairCheck check, List<CausalModel> owned) {
    this.tuned = tuned;
    this.untuned = untuned;
    this.check = check;
    this.owned = owned;
  }

  /**
   * Loads a pair whose models see prompts in their own ways: raw text as it is, a conversation
   * through their chat templates.
   *
   * @param tuned reference of the tuned model: a directory, {@code embedded:NAME} or {@code
   *     hf:ORG/NAME[@REVISION]}
   * @param untuned reference of the model it was tuned from
   * @throws InvalidModelException if a model is missing or damaged, or the two do not make a pair
   */
  public static GuidancePair load(String tuned, String untuned) {
    return builder().tuned(tuned).untuned(untuned).load();
  }

  /**
   * Loads a pair.
   *
   * @param tuned reference of the tuned model: a directory, {@code embedded:NAME} or {@code
   *     hf:ORG/NAME[@REVISION]}
   * @param untuned reference of the model it was tuned from
   * @param placement device and type of both
   * @param promptFormat how both see a prompt
   * @throws InvalidModelException if a model is missing or damaged, or the two do not make a pair
   */
  public static GuidancePair load(
      String tuned, String untuned, Placement placement, PromptFormat promptFormat) {
    return builder()
        .tuned(tuned, promptFormat)
        .untuned(untuned, promptFormat)
        .placement(placement)
        .load();
  }

  /**
   * A pair of one small model, which need not be tuned for anything: the model under words that ask
   * for what is wanted, against the same model under their opposite. Of raw text the words stand
   * directly in front, with no character added; of a conversation they are a system message before
   * those already there, or stand in front of the first user turn where the template has no place
   * for one.
   *
   * @param model reference of the model: a directory, {@code embedded:NAME} or {@code
   *     hf:ORG/NAME[@REVISION]}
   * @param wanted for instance {@code "I loved this movie. "}
   * @param opposite for instance {@code "I hated this movie. "}; the opposite rather than nothing,
   *     which says little
   * @throws InvalidModelException if the model is missing or damaged
   * @throws IllegalArgumentException if one of the two is blank, or both are alike
   */
  public static GuidancePair prompted(String model, String wanted, String opposite) {
    return builder().prompted(model, wanted, opposite).load();
  }

  /**
   * A {@linkplain #prompted(String, String, String) prompted} pair of a model that stays the
   * caller's: several pairs can have one model, and its weights are held once.
   *
   * @param model to be closed by the caller, after the searches that use the pair
   * @param wanted words in front of every prompt
   * @param opposite the same for the other side
   * @throws IllegalArgumentException if one of the two is blank, or both are alike
   */
  public static GuidancePair prompted(CausalModel model, String wanted, String opposite) {
    requireOpposites(wanted, opposite);
    return new GuidancePair(
        PairSide.of(model, wanted),
        PairSide.of(model, opposite),
        new PairCheck(List.of(), List.of()),
        List.of());
  }

  /**
   * A pair of a model and an adapter that tunes it. Several pairs can have one untuned model, each
   * with its own adapter, and its weights are held once.
   *
   * @param untuned to be closed by the caller; the pair holds what it needs of it
   * @param adapter the directory of an adapter, whatever base it names; closed with the pair
   * @throws InvalidModelException if a file is missing or damaged, the adapter does not fit the
   *     model, or the two do not make a pair
   */
  public static GuidancePair adapted(CausalModel untuned, String adapter) {
    try (ModelFiles second = ModelFiles.read(untuned.reference());
        ModelFiles first = ModelFiles.read(adapter, second)) {
      PromptFormat one = Builder.own(first.tokenizer());
      PromptFormat other = Builder.own(second.tokenizer());
      PairCheck check = PairCheck.of(first, second, one.equals(other));
      check.require(adapter, untuned.reference());
      CausalModel tuned = untuned.sharing(first);
      PairSide side = new PairSide(untuned, other);
      return new GuidancePair(new PairSide(tuned, one), side, check, List.of(tuned));
    }
  }

  private static void requireOpposites(String wanted, String opposite) {
    if (wanted.isBlank() || opposite.isBlank() || wanted.equals(opposite)) {
      throw new IllegalArgumentException(
          "wanted is '%s' and opposite is '%s'; both must say something, and not the same"
              .formatted(wanted, opposite));
    }
  }

  /** Loads a pair by its parts. */
  public static Builder builder() {
    return new Builder();
  }

  /** What a pair is made of. */
  public static final class Builder {
    private @Nullable String tuned;
    private @Nullable String untuned;
    private Function<ModelTokenizer, PromptFormat> tunedFormat = Builder::own;
    private Function<ModelTokenizer, PromptFormat> untunedFormat = Builder::own;
    private Placement placement = Placement.AUTO;
    private @Nullable Placement untunedPlacement;
    private @Nullable ModelSource source;

    private Builder() {}

    private static PromptFormat own(ModelTokenizer tokenizer) {
      return tokenizer.promptFormat(PromptOptions.defaults());
    }

    /**
     * The tuned model, a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}, which
     * sees prompts in its own way.
     */
    public Builder tuned(String reference) {
      return tuned(reference, PromptOptions.defaults());
    }

    /**
     * The tuned model, a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}, and
     * how it sees a prompt.
     */
    public Builder tuned(String reference, PromptOptions options) {
      tuned = reference;
      tunedFormat = tokenizer -> tokenizer.promptFormat(options);
      return this;
    }

    /**
     * The tuned model, a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}, and
     * how it sees a prompt.
     */
    public Builder tuned(String reference, PromptFormat format) {
      tuned = reference;
      tunedFormat = tokenizer -> format;
      return this;
    }

    /** The model it was tuned from, which sees prompts in its own way. */
    public Builder untuned(String reference) {
      return untuned(reference, PromptOptions.defaults());
    }

    /**
     * The model it was tuned from and how it sees a prompt. It may be the tuned model itself with
     * other options: its weights are loaded once then.
     */
    public Builder untuned(String reference, PromptOptions options) {
      untuned = reference;
      untunedFormat = tokenizer -> tokenizer.promptFormat(options);
      return this;
    }

    /** The model it was tuned from, or the tuned model itself, and how it sees a prompt. */
    public Builder untuned(String reference, PromptFormat format) {
      untuned = reference;
      untunedFormat = tokenizer -> format;
      return this;
    }

    /**
     * One model under two prompts; see {@link GuidancePair#prompted(String, String, String)}.
     *
     * @throws IllegalArgumentException if one of the two is blank, or both are alike
     */
    public Builder prompted(String reference, String wanted, String opposite) {
      requireOpposites(wanted, opposite);
      PromptOptions options = PromptOptions.defaults();
      return tuned(reference, options.withSystem(wanted))
          .untuned(reference, options.withSystem(opposite));
    }

    /** Device and type of both; {@link Placement#AUTO} by default. */
    public Builder placement(Placement placement) {
      this.placement = placement;
      return this;
    }

    /**
     * Device and type of the untuned model, by default those of both. Two models on different
     * devices score at the same time. Weights that both would share are loaded once for each place.
     */
    public Builder untunedPlacement(Placement placement) {
      untunedPlacement = requireNonNull(placement, "placement");
      return this;
    }

    /** Where the models come from and whose they stay; by default the pair's, loaded for it. */
    public Builder models(ModelSource source) {
      this.source = requireNonNull(source, "source");
      return this;
    }

    /**
     * Reads the files of both models, compares them, and only then loads weights.
     *
     * @throws IllegalStateException if a model is not given
     * @throws InvalidModelException if one is missing or damaged, or the two do not make a pair
     * @throws IllegalArgumentException if the device is not there, or options do not fit
     */
    public GuidancePair load() {
      if (tuned == null || untuned == null) {
        throw new IllegalStateException(
            "tuned is %s and untuned is %s; a pair needs both".formatted(tuned, untuned));
      }
      try (ModelFiles second = ModelFiles.read(untuned);
          ModelFiles first = ModelFiles.read(tuned, second)) {
        PromptFormat one = tunedFormat.apply(first.tokenizer());
        PromptFormat other = untunedFormat.apply(second.tokenizer());
        PairCheck check = PairCheck.of(first, second, one.equals(other));
        check.require(tuned, untuned);
        CausalModel model = model(first, placement);
        return load(new PairSide(model, one), first, second, other, check);
      }
    }

    private GuidancePair load(
        PairSide side, ModelFiles first, ModelFiles second, PromptFormat format, PairCheck check) {
      try {
        CausalModel other = other(side.model(), first, second);
        List<CausalModel> both = Stream.of(side.model(), other).distinct().toList();
        List<CausalModel> owned = ownsModels() ? both : List.of();
        return new GuidancePair(side, new PairSide(other, format), check, owned);
      } catch (RuntimeException | Error e) {
        if (ownsModels()) {
          side.model().close();
        }
        throw e;
      }
    }

    /** What is in memory already is not loaded again, unless it is wanted in another place. */
    private CausalModel other(CausalModel tuned, ModelFiles first, ModelFiles second) {
      Placement place = untunedPlacement == null ? placement : untunedPlacement;
      if (!place.equals(placement)) {
        return model(second, place);
      }
      if (first.sameDirectory(second)) {
        return tuned;
      }
      return ownsModels() && first.base().sameDirectory(second.base())
          ? tuned.sharing(second)
          : model(second, place);
    }

    private CausalModel model(ModelFiles files, Placement placement) {
      return source == null
          ? CausalModel.load(files, placement)
          : source.languageModel(files, placement);
    }

    private boolean ownsModels() {
      return source == null;
    }
  }

  /** The tuned model; closed with the pair if that loaded it. */
  public CausalModel tuned() {
    return tuned.model();
  }

  /** The untuned model; closed with the pair if that loaded it. */
  public CausalModel untuned() {
    return untuned.model();
  }

  /**
   * Whether the pair has a third model's tokens, so that it can be its {@link #steering}.
   *
   * @throws InvalidModelException if a model of it has not; the message names both and a token
   */
  public void requireTokensOf(CausalModel large) {
    for (CausalModel small : List.of(tuned(), untuned())) {
      PairCheck.requireTokensOf(
          large.reference(), large.tokenizer(), small.reference(), small.tokenizer());
    }
  }

  /**
   * What the pair adds to the logits of a third model that has the same tokens: emulated
   * fine-tuning, where the difference counts at every token instead of for whole texts.
   *
   * @param prompt shown to each model in its own format
   * @param beta how strongly it steers
   * @throws IllegalArgumentException if a format cannot show such a prompt, or beta is not finite
   */
  public Steering steering(Prompt prompt, double beta) {
    return new Steering(tuned(), tuned.render(prompt), untuned(), untuned.render(prompt), beta);
  }

  /** What was found when the two were compared at loading. */
  public PairCheck check() {
    return check;
  }

  @Override
  public ModelTokenizer tokenizer() {
    return untuned().tokenizer();
  }

  @Override
  public PairSession openSession(Prompt prompt) {
    if (tuned().sharesWeights(untuned())) {
      ScoringSession both =
          tuned().openScoring(tuned.render(prompt), untuned(), untuned.render(prompt));
      return new PairSession(new ResponseScores.Local(both));
    }
    ScoringSession first = tuned.open(prompt);
    try {
      return new PairSession(
          new ResponseScores.Local(first), new ResponseScores.Local(untuned.open(prompt, first)));
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  /** Closes the models, if they are the pair's own. */
  @Override
  public void close() {
    closeFrom(0);
  }

  /** Closes all, whatever one of them throws. */
  private void closeFrom(int index) {
    if (index < owned.size()) {
      try {
        owned.get(index).close();
      } finally {
        closeFrom(index + 1);
      }
    }
  }
}
