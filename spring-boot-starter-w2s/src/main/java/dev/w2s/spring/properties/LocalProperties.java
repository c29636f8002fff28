// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSource;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A model in this process as beans. The annotation has its properties described; it is bound as a
 * part of {@link W2sProperties}.
 *
 * @param model The model: embedded:NAME, hf:ORG/NAME[@REVISION] or the path of a Hugging Face
 *     directory.
 * @param as Which beans it becomes, each named after the model and its kind, as in fooChatModel.
 * @param maxTokens Most tokens of a response.
 * @param temperature Temperature, 0 for the likeliest token always.
 * @param topK Draws among so many likeliest tokens, 0 for all.
 * @param topP Draws among the likeliest tokens of this mass.
 * @param stop Texts that end a response.
 * @param seed Same seed and prompt, same text. By default a new one for each call.
 * @param device Where it runs: auto, cpu or cuda:N.
 * @param dtype Type of its weights in memory: auto, float32, bfloat16, float16, int8 or int4.
 */
@ConfigurationProperties(W2sProperties.PREFIX + ".local.*")
public record LocalProperties(
    @Nullable String model,
    @DefaultValue({"chat", "streaming-chat"}) Set<Kind> as,
    @Nullable Integer maxTokens,
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    @Nullable List<String> stop,
    @Nullable Long seed,
    @DefaultValue("auto") String device,
    @DefaultValue("auto") String dtype) {

  /**
   * How tokens are drawn.
   *
   * @throws IllegalArgumentException if a value is out of range; the message begins with its name
   */
  public SamplingParameters sampling() {
    SamplingParameters defaults = SamplingParameters.DEFAULT;
    return new SamplingParameters(
        requireNonNullElse(temperature, defaults.temperature()),
        requireNonNullElse(topK, defaults.topK()),
        requireNonNullElse(topP, defaults.topP()),
        requireNonNullElse(stop, defaults.stop()));
  }

  /** The model, of properties that were found to be right. */
  public CausalModel open(ModelSource models) {
    try (ModelFiles files = ModelFiles.read(requireNonNull(model, "model"))) {
      return models.languageModel(files, Placement.parse(device, dtype));
    }
  }

  /** A kind of LangChain4j model. */
  public enum Kind {
    /** A ChatModel. */
    CHAT("ChatModel"),
    /** A StreamingChatModel. */
    STREAMING_CHAT("StreamingChatModel"),
    /** A LanguageModel. */
    LANGUAGE("LanguageModel"),
    /** A StreamingLanguageModel. */
    STREAMING_LANGUAGE("StreamingLanguageModel");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }

    /** The bean's name for a model of a name. */
    public String beanName(String model) {
      return model + suffix;
    }
  }
}
