// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.w2s.guidance.PairSource;
import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.server.ModelAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A pair of small models. The annotation has its properties described; it is bound as a part of
 * {@link W2sProperties}.
 *
 * @param tuned The tuned model: embedded:NAME, hf:ORG/NAME[@REVISION], the path of a Hugging Face
 *     directory, or URL#MODEL for one behind a server.
 * @param untuned The model it was tuned from. By default the tuned one itself, where the two see
 *     different prompts.
 * @param weight Factor of its score; negative steers away.
 * @param device Where models in this process run: auto, cpu or cuda:N.
 * @param dtype Type of their weights in memory: auto, float32, bfloat16, float16, int8 or int4.
 * @param tunedSystem Words in front of what the tuned model sees: directly, or as a system message.
 * @param untunedSystem The same for the untuned model, for instance the opposite.
 * @param tunedTemplate Template of a raw prompt for the tuned model, with {{prompt}}.
 * @param untunedTemplate The same for the untuned model.
 * @param tunedChatTemplate Jinja chat template in place of the tuned model's own.
 * @param untunedChatTemplate The same for the untuned model.
 * @param tokenizer Directory, embedded:NAME or hf:ORG/NAME[@REVISION] of the pair's tokenizer,
 *     where a model is behind a server.
 * @param apiKey Key of such a server.
 */
@ConfigurationProperties(W2sProperties.PREFIX + ".pairs.*")
public record PairProperties(
    @Nullable String tuned,
    @Nullable String untuned,
    @DefaultValue("1") double weight,
    @DefaultValue("auto") String device,
    @DefaultValue("auto") String dtype,
    @DefaultValue("") String tunedSystem,
    @DefaultValue("") String untunedSystem,
    @Nullable String tunedTemplate,
    @Nullable String untunedTemplate,
    @Nullable String tunedChatTemplate,
    @Nullable String untunedChatTemplate,
    @Nullable String tokenizer,
    @Nullable ApiKey apiKey) {

  boolean isRemote() {
    return isRemote(tuned) || isRemote(untuned);
  }

  private static boolean isRemote(@Nullable String reference) {
    return reference != null && ModelAddress.isOne(reference);
  }

  PromptOptions tunedOptions() {
    return options(tunedSystem, tunedTemplate, tunedChatTemplate);
  }

  PromptOptions untunedOptions() {
    return options(untunedSystem, untunedTemplate, untunedChatTemplate);
  }

  private static PromptOptions options(
      String system, @Nullable String template, @Nullable String chatTemplate) {
    PromptOptions options =
        PromptOptions.defaults().withSystem(system).withChatTemplate(chatTemplate);
    return template == null ? options : options.withTextTemplate(template);
  }

  /** The pair, still to be opened; of properties that were found to be right. */
  public PairSource source() {
    String first = requireNonNull(tuned, "tuned");
    return new PairSource(
        first,
        requireNonNullElse(untuned, first),
        tunedOptions(),
        untunedOptions(),
        Placement.parse(device, dtype),
        tokenizer,
        apiKey == null ? null : apiKey.value());
  }
}
