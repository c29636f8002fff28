// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.metrics.SearchMeters;
import dev.w2s.metrics.SearchObservations;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.Snippets;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippets of the page on decorating compile, and work. */
class DecoratingPageTest {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/DecoratingPageTest.java");

  private static ChatModel decorated(ChatModel anyChatModel, GuidancePair kind) {
    // snippet starts
    ChatModel guided = WeakToStrongChatModel.builder().delegate(anyChatModel).pair(kind).build();
    // snippet ends
    return guided;
  }

  private static ChatRequest request(ChatRequestParameters providerParameters) {
    // snippet starts
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from("How was the movie?"))
            .parameters(
                WeakToStrongChatRequestParameters.builder()
                    .delegate(providerParameters) // of the provider's own class; may be left out
                    .guides("kind") // of those that the model was built with
                    .beamWidth(2)
                    .successors(4)
                    .trace(true)
                    .build())
            .build();
    // snippet ends
    return request;
  }

  private static ChatModel watched(
      ChatModel anyChatModel,
      GuidancePair kind,
      MeterRegistry meterRegistry,
      ObservationRegistry observationRegistry) {
    // snippet starts
    ChatModel guided =
        WeakToStrongChatModel.builder()
            .delegate(anyChatModel)
            .pair(kind)
            .listener(new SearchMeters(meterRegistry, Tag.of("model.name", "critic")))
            .listener(new SearchObservations(observationRegistry))
            .build();
    // snippet ends
    return guided;
  }

  @Test
  void aWatchedModelIsCountedAndObserved() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ObservationRegistry observations = ObservationRegistry.create();
    observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
    try (GuidancePair kind =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      watched(ScriptedChatModel.saying("A film.", "A good film."), kind, meters, observations)
          .chat("How was the movie?");
    }
    assertThat(meters.get("w2s.searches").tag("model.name", "critic").counter().count()).isOne();
    assertThat(meters.get("w2s.search").tag("w2s.stop.reason", "ended").timer().count()).isOne();
  }

  @Test
  void thePairChoosesWhatItWasTunedFor() {
    try (GuidancePair kind =
        GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      ChatModel model =
          decorated(
              ScriptedChatModel.saying("An awful, boring film.", "A great film. I loved it!"),
              kind);
      assertThat(model.chat("How was the movie?")).isEqualTo("A great film. I loved it!");
    }
  }

  @Test
  void oneRequestChoosesItsGuide() {
    ChatModel model =
        WeakToStrongChatModel.builder()
            .delegate(ScriptedChatModel.saying("bad", "good"))
            .guide("kind", new WordGuide("good"), 1)
            .guide("unkind", new WordGuide("bad"), 2)
            .build();
    ChatRequest request = request(DefaultChatRequestParameters.builder().temperature(0.5).build());
    assertThat(model.chat(request).aiMessage().text()).isEqualTo("good");
    assertThat(((WeakToStrongChatResponse) model.chat(request)).trace()).hasSize(1);
  }

  @Test
  void thePageHoldsThem() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("docs/decorating.md"));
  }
}
