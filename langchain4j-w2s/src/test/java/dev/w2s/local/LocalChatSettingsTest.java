// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.KnownLogits;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the builders of both local chat models are told, and what of it a request overrides. */
class LocalChatSettingsTest {
  private static final ChatModelListener LISTENER = new ChatModelListener() {};

  @TempDir private Path directory;
  private CausalModel model;

  @BeforeEach
  void load() {
    model = CausalModel.load(KnownLogits.write(directory, 0, 9, 1).toString(), Golden.CPU_FLOAT32);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static <B extends LocalChatBuilder<B>> B told(B builder) {
    return builder
        .temperature(0.5)
        .topK(40)
        .topP(0.9)
        .frequencyPenalty(0.25)
        .presencePenalty(0.125)
        .stop(List.of("STOP"))
        .maxTokens(7)
        .seed(3L)
        .listeners(List.of(LISTENER));
  }

  private static void assertTold(ChatRequestParameters defaults) {
    assertThat(defaults.temperature()).isEqualTo(0.5);
    assertThat(defaults.topK()).isEqualTo(40);
    assertThat(defaults.topP()).isEqualTo(0.9);
    assertThat(defaults.frequencyPenalty()).isEqualTo(0.25);
    assertThat(defaults.presencePenalty()).isEqualTo(0.125);
    assertThat(defaults.stopSequences()).containsExactly("STOP");
    assertThat(defaults.maxOutputTokens()).isEqualTo(7);
  }

  @Test
  void bothBuildersTakeTheSame() {
    LocalChatModel chat = told(LocalChatModel.builder()).model(model).build();
    assertTold(chat.defaultRequestParameters());
    assertThat(chat.local().seed()).isEqualTo(3);
    assertThat(chat.listeners()).containsExactly(LISTENER);
    LocalStreamingChatModel stream = told(LocalStreamingChatModel.builder()).model(model).build();
    assertTold(stream.defaultRequestParameters());
    assertThat(stream.local()).isEqualTo(chat.local());
    assertThat(stream.listeners()).containsExactly(LISTENER);
  }

  @Test
  void nullStandsForTheDefault() {
    LocalChat chat =
        LocalChatModel.builder()
            .model(model)
            .temperature(0.5)
            .temperature(null)
            .stop(List.of("STOP"))
            .stop(null)
            .maxTokens(7)
            .maxTokens(null)
            .promptOptions(PromptOptions.defaults().withSuffix("!"))
            .promptOptions(null)
            .build()
            .local();
    assertThat(chat)
        .isEqualTo(LocalChatModel.builder().model(model).build().local())
        .extracting(LocalChat::maxTokens, LocalChat::seed, LocalChat::thinkingTags)
        .containsExactly(512, null, null);
    assertThat(chat.sampling().temperature()).isEqualTo(1);
    assertThatThrownBy(() -> LocalChatModel.builder().model((CausalModel) null).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("model is missing");
  }

  @Test
  void aRequestOverridesWhatItNames() {
    LocalChat chat = told(LocalChatModel.builder()).model(model).build().local();
    ChatRequest.Builder question = ChatRequest.builder().messages(UserMessage.from("t0"));
    LocalChat.Resolved plain = chat.resolve(question.build());
    assertThat(plain.sampling()).isEqualTo(chat.sampling());
    assertThat(plain.maxTokens()).isEqualTo(7);
    LocalChat.Resolved other =
        chat.resolve(
            question
                .temperature(0.0)
                .topK(1)
                .topP(0.5)
                .frequencyPenalty(1.0)
                .presencePenalty(2.0)
                .stopSequences(List.of("END"))
                .maxOutputTokens(1)
                .build());
    assertThat(other.sampling()).isEqualTo(new SamplingParameters(0, 1, 0.5, 1, 2, List.of("END")));
    assertThat(other.maxTokens()).isOne();
  }

  /** A model without a chat template is stopped where it would speak for the user. */
  @Test
  void onlyWithoutATemplateAndStopStringsOfItsOwnAModelIsStoppedAtTheNextTurn() {
    LocalChatModel.Builder builder = LocalChatModel.builder().model(model);
    assertThat(builder.build().local().sampling().stop()).hasSize(2);
    assertThat(builder.stop(List.of()).build().local().sampling().stop()).isEmpty();
    PromptOptions template = PromptOptions.defaults().withChatTemplate("{{ messages[0].content }}");
    assertThat(builder.stop(null).promptOptions(template).build().local().sampling().stop())
        .isEmpty();
  }

  @Test
  void thinkingIsToldByTheTagsThatAreGivenElseByThoseOfTheTemplate() {
    LocalChatModel.Builder builder = LocalChatModel.builder().model(model);
    PromptOptions thinks =
        PromptOptions.defaults()
            .withChatTemplate("{{ messages[0].content.split('</think>')[-1] }}");
    assertThat(builder.promptOptions(thinks).build().local().thinkingTags())
        .isEqualTo(ThinkingTags.THINK);
    ThinkingTags own = new ThinkingTags("[", "]");
    assertThat(builder.thinkingTags(own).build().local().thinkingTags()).isEqualTo(own);
    PromptOptions plain = PromptOptions.defaults().withChatTemplate("{{ messages[0].content }}");
    assertThat(builder.thinkingTags(null).promptOptions(plain).build().local().thinkingTags())
        .isNull();
  }
}
