// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.spring.actuate.WeakToStrongActuatorAutoConfiguration;
import dev.w2s.testkit.ScriptedChatModel;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Contexts with this starter and nothing else, and what stands in them. */
public final class Contexts {
  public static final String TUNED =
      "langchain4j.w2s.pairs.positive.tuned=embedded:movie-reviews/tuned";
  public static final String UNTUNED =
      "langchain4j.w2s.pairs.positive.untuned=embedded:movie-reviews/untuned";
  public static final String LAZY = "langchain4j.w2s.loading.mode=lazy";

  private Contexts() {}

  public static ApplicationContextRunner starter() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                WeakToStrongAutoConfiguration.class,
                WeakToStrongIdleAutoConfiguration.class,
                WeakToStrongMetricsAutoConfiguration.class,
                WeakToStrongActuatorAutoConfiguration.class));
  }

  /** With the embedded pair, which is loaded when it is needed. */
  public static ApplicationContextRunner guided() {
    return starter().withPropertyValues(TUNED, UNTUNED, LAZY);
  }

  /** With a guide that needs no model: the longer, the better. */
  public static ApplicationContextRunner lengthy() {
    return starter()
        .withBean(
            "length",
            WeightedGuide.class,
            () -> new WeightedGuide("length", Guide.of((prompt, text) -> text.length()), 1));
  }

  /** Says something short three times out of four. */
  public static ScriptedChatModel terse() {
    return ScriptedChatModel.saying("No.", "No.", "No.", "Yes, with pleasure.");
  }

  /** A bean that is asked for by interface. */
  static ChatModel chat() {
    return terse();
  }
}
