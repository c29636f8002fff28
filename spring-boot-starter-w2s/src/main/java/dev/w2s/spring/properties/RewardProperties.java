// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import static java.util.Objects.requireNonNull;

import dev.w2s.guidance.Guide;
import dev.w2s.guidance.RemoteRewardModel;
import dev.w2s.guidance.RewardModel;
import dev.w2s.guidance.RewardModel.Input;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.Placement;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.server.ModelAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A reward model. The annotation has its properties described; it is bound as a part of {@link
 * W2sProperties}.
 *
 * @param model The model, a sequence classifier: embedded:NAME, hf:ORG/NAME[@REVISION], the path of
 *     a Hugging Face directory, or URL#MODEL for one behind a server.
 * @param label The label that is wanted; behind a server its index from 0 on. None for a model with
 *     a single output.
 * @param weight Factor of its score; negative steers away.
 * @param input What it reads: the prompt and the response, the response alone, or both through the
 *     model's chat template.
 * @param device Where a model in this process runs: auto, cpu or cuda:N.
 * @param dtype Type of its weights in memory: auto, float32, bfloat16, float16, int8 or int4.
 * @param apiKey Key of the server.
 */
@ConfigurationProperties(W2sProperties.PREFIX + ".rewards.*")
public record RewardProperties(
    @Nullable String model,
    @Nullable String label,
    @DefaultValue("1") double weight,
    @DefaultValue("prompt-and-response") Input input,
    @DefaultValue("auto") String device,
    @DefaultValue("auto") String dtype,
    @Nullable ApiKey apiKey) {

  boolean isRemote() {
    return model != null && ModelAddress.isOne(model);
  }

  /**
   * The label of a model behind a server.
   *
   * @return null where there is none
   * @throws IllegalArgumentException if it is no index
   */
  @Nullable Integer labelIndex() {
    if (label == null) {
      return null;
    }
    try {
      int index = Integer.parseInt(label);
      if (index >= 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // told below, as a negative one is
    }
    throw new IllegalArgumentException(
        "must be the index of the label, from 0 on, of a model behind a server");
  }

  /**
   * Whether a model behind a server reads the prompt.
   *
   * @throws IllegalArgumentException if it is to read what servers do not offer
   */
  boolean readsPrompt() {
    if (input == Input.TEMPLATE) {
      throw new IllegalArgumentException("must not be template for a model behind a server");
    }
    return input == Input.PROMPT_AND_RESPONSE;
  }

  /** The guide, of properties that were found to be right. */
  public Guide open(ModelSource models) {
    String reference = requireNonNull(model, "model");
    if (ModelAddress.isOne(reference)) {
      return RemoteRewardModel.builder()
          .model(ModelAddress.parse(reference))
          .apiKey(apiKey == null ? null : apiKey.value())
          .label(labelIndex())
          .readsPrompt(readsPrompt())
          .build();
    }
    try (ModelFiles files = ModelFiles.read(reference)) {
      SequenceClassifier classifier = models.classifier(files, Placement.parse(device, dtype));
      return RewardModel.of(classifier, label, input);
    }
  }
}
