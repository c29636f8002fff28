// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNull;

import dev.w2s.model.Placement;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Prompt.Conversation;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An explicit reward model as guide: a sequence classifier ({@code …ForSequenceClassification})
 * that judges prompt and response. Its score is the log-odds of one label, in nats, or, of a model
 * with a single output, that output as it is, in the units it was trained in.
 *
 * <p>Holds the model's native memory until it is closed, which comes after the searches that use
 * it. Safe for use by several threads.
 */
public final class RewardModel implements Guide, AutoCloseable {

  /** What a reward model reads. */
  public enum Input {
    /**
     * Prompt and response as one text; of a conversation each turn behind its role, as {@link
     * PromptFormat#plain()} has it.
     */
    PROMPT_AND_RESPONSE {
      @Override
      Rendered show(Prompt prompt, Candidate response, SequenceClassifier model) {
        return prompt instanceof Conversation talk
            ? PromptFormat.plain().render(talk.answered(response.text()))
            : Rendered.raw(((Prompt.Text) prompt).text() + response.text());
      }
    },

    /** The response alone; one that is empty scores 0, since there is nothing to read. */
    RESPONSE {
      @Override
      @Nullable Rendered show(Prompt prompt, Candidate response, SequenceClassifier model) {
        return response.text().isEmpty() ? null : Rendered.raw(response.text());
      }
    },

    /**
     * A conversation with the response as the assistant's turn, through the model's own chat
     * template; raw text is a user's turn. The turn is closed where the response ended.
     */
    TEMPLATE {
      @Override
      Rendered show(Prompt prompt, Candidate response, SequenceClassifier model) {
        Conversation asked =
            prompt instanceof Conversation talk
                ? talk
                : new Conversation(List.of(new Turn("user", ((Prompt.Text) prompt).text())));
        return model.tokenizer().renderAnswered(asked.answered(response.text()), response.ended());
      }
    };

    /**
     * What the model reads of a response, null if there is nothing to read.
     *
     * @throws IllegalArgumentException if the chat template cannot show it
     */
    abstract @Nullable Rendered show(Prompt prompt, Candidate response, SequenceClassifier model);
  }

  private final SequenceClassifier model;
  private final int label;
  private final Input input;
  private final boolean ownsModel;

  private RewardModel(SequenceClassifier model, int label, Input input, boolean ownsModel) {
    this.model = model;
    this.label = label;
    this.input = input;
    this.ownsModel = ownsModel;
  }

  /**
   * Loads a reward model that reads prompt and response.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @param label the label that is wanted; null for a model with a single output
   * @throws InvalidModelException if the model is missing, damaged, or no classifier
   * @throws IllegalArgumentException if it has no such label
   */
  public static RewardModel load(String reference, @Nullable String label) {
    return load(reference, label, Input.PROMPT_AND_RESPONSE, Placement.AUTO);
  }

  /**
   * Loads a reward model.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @param label the label that is wanted; null for a model with a single output
   * @param input what it reads
   * @param placement device and type
   * @throws InvalidModelException if the model is missing, damaged, or no classifier
   * @throws IllegalArgumentException if it has no such label, has no chat template to read through,
   *     or the device is not there
   */
  public static RewardModel load(
      String reference, @Nullable String label, Input input, Placement placement) {
    requireNonNull(input, "input");
    SequenceClassifier model = SequenceClassifier.load(reference, placement);
    try {
      return of(model, label, input, /* ownsModel= */ true);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * A reward model of a classifier that is already loaded.
   *
   * @param model stays the caller's, who closes it after the searches that use it
   * @param label the label that is wanted; null for a model with a single output
   * @param input what it reads
   * @throws IllegalArgumentException if it has no such label, or no chat template to read through
   */
  public static RewardModel of(SequenceClassifier model, @Nullable String label, Input input) {
    return of(model, label, input, /* ownsModel= */ false);
  }

  private static RewardModel of(
      SequenceClassifier model, @Nullable String label, Input input, boolean ownsModel) {
    if (input == Input.TEMPLATE && model.tokenizer().chatTemplate() == null) {
      throw new IllegalArgumentException(
          "input is TEMPLATE; reward model %s has no chat template"
              .formatted(model.summary().reference()));
    }
    return new RewardModel(model, index(model, label), input, ownsModel);
  }

  private static int index(SequenceClassifier model, @Nullable String label) {
    List<String> labels = model.summary().labels();
    if (label == null && labels.size() == 1) {
      return 0;
    }
    int index = label == null ? -1 : labels.indexOf(label);
    if (index < 0) {
      throw new IllegalArgumentException(
          "label is %s; reward model %s has the labels %s, one of which must be named"
              .formatted(label, model.summary().reference(), labels));
    }
    return index;
  }

  /** The model; closed with this if that loaded it. */
  public SequenceClassifier model() {
    return model;
  }

  @Override
  public CandidateScorer open(Prompt prompt) {
    return new RewardScorer(
        model.openSession(), response -> input.show(prompt, response, model), this::reward);
  }

  /** The one output, or the log-odds of the label: its logit over those of all others. */
  private double reward(double[] logits) {
    if (logits.length == 1) {
      return logits[0];
    }
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      most = i == label ? most : Math.max(most, logits[i]);
    }
    double others = 0;
    for (int i = 0; i < logits.length; i++) {
      others += i == label ? 0 : Math.exp(logits[i] - most);
    }
    return logits[label] - most - Math.log(others);
  }

  @Override
  public void close() {
    if (ownsModel) {
      model.close();
    }
  }
}
